/* test_tongue.c - the language of short texts, and of texts that have none */
#include "tests/support.h"

#include <stdlib.h>

#include "classify/tongue.h"

static void short_posts_are_in_the_language_that_they_are_in(void **state)
{
	static const struct {
		const char *code, *text;
	} rows[] = {
		{ "en", "I know where you live and I will be waiting for you tonight when you come home." },
		{ "de", "Ich weiß, wo du wohnst, und heute Abend warte ich vor deiner Tür auf dich." },
		{ "fr", "Je sais où tu habites et ce soir je t'attendrai devant ta porte, tu verras bien." },
		{ "es", "Sé dónde vives y esta noche te voy a esperar delante de tu casa, ya lo verás." },
		{ "it", "So dove abiti e stasera ti aspetto davanti alla porta di casa tua, vedrai." },
		{ "pt", "Eu sei onde você mora e hoje à noite vou esperar na frente da sua casa." },
		{ "nl", "Ik weet waar je woont en vanavond wacht ik op je voor de deur van je huis." },
		{ "pl", "Wiem, gdzie mieszkasz, i dzisiaj wieczorem będę czekał pod twoimi drzwiami." },
		{ "ru", "Я знаю, где ты живёшь, и сегодня вечером буду ждать тебя у двери." },
		{ "uk",
		  "Я знаю, де ти живеш, і сьогодні ввечері чекатиму на тебе біля дверей. Ти ще пошкодуєш, що написав про нас, "
		  "бо наші хлопці вже їдуть до твого міста." },
		{ "tr", "Nerede oturduğunu biliyorum ve bu akşam kapının önünde seni bekliyor olacağım." },
		{ "ar", "أعرف أين تسكن وسأنتظرك الليلة أمام باب بيتك" },
		{ "fa",
		  "می‌دانم کجا زندگی می‌کنی و امشب جلوی در خانه‌ات منتظرت "
		  "می‌مانم" },
		{ "zh", "我知道你住在哪里，今天晚上我会在你家门口等你。" },
		{ "ja", "お前の家は知っている。今夜、玄関の前で待っているからな。" },
		{ "ko", "네가 어디 사는지 알아. 오늘 밤 집 앞에서 기다릴게." },
		{ "hi", "मुझे पता है तुम कहाँ रहते हो और आज रात मैं तुम्हारे घर के बाहर मिलूँगा" },
		{ "el", "Ξέρω πού μένεις και απόψε θα σε περιμένω έξω από την πόρτα σου." },
		{ "he", "אני יודע איפה אתה גר והלילה אני אחכה לך מחוץ לדלת שלך" },
		{ "th", "ฉันรู้ว่าคุณอยู่ที่ไหนและคืนนี้ฉันจะรอคุณอยู่หน้าบ้าน" },
		{ "de", "Zugang:\nadmin@example.com:hunter2\nhttps://example.com/konto\n"
			"Das Passwort gilt noch, ich habe es heute Morgen selbst ausprobiert." },
	};
	AUTO_FREE(tongues) t = tongues_new();
	AUTO_FREE(arena) a = arena_new(1 << 20);

	(void)state;
	assert_non_null(t);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str exact = exact_copy(str_of(rows[i].text)), code = tongue_of(t, exact, a);

		if (!str_eq(code, str_of(rows[i].code)) || !tongue_is_known(code))
			fail_msg("%s: \"%.*s\" for %s", rows[i].code, STR_ARG(code), rows[i].text);
		free((void *)(uintptr_t)exact.p);
	}
}

static void what_holds_no_sentence_has_no_language(void **state)
{
	static const char *const rows[] = {
		"",
		"ok",
		"admin@example.com:hunter2\nroot@example.net:toor\n",
		"AKIA2E0A8F3B244C9986\nhttps://example.com/a/b?c=d\n",
		"0x7f45 4c46 0201 0100 0000 0000",
		"!!!! ???? .... ---- ____",
		"\n\n\n \t ",
	};
	AUTO_FREE(tongues) t = tongues_new();
	AUTO_FREE(arena) a = arena_new(1 << 20);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str exact = exact_copy(str_of(rows[i]));

		assert_int_equal(tongue_of(t, exact, a).n, 0);
		free((void *)(uintptr_t)exact.p);
	}
}

static void without_the_librarys_folder_letters_of_their_own_still_tell(void **state)
{
	AUTO_FREE(arena) a = arena_new(1 << 20);

	(void)state;
	assert_true(str_eq(tongue_of(NULL, STR("네가 어디 사는지 알아. 오늘 밤 집 앞에서 기다릴게."), a), STR("ko")));
	assert_int_equal(tongue_of(NULL, STR("I know where you live, and I will be waiting for you."), a).n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(short_posts_are_in_the_language_that_they_are_in),
		cmocka_unit_test(what_holds_no_sentence_has_no_language),
		cmocka_unit_test(without_the_librarys_folder_letters_of_their_own_still_tell),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
