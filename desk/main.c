/* main.c - reads the command line and runs a verb; help, manual and completion come from the same table */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "desk/verb.h"

static const struct verb *const verbs[] = {
	&verb_init,	&verb_check,	&verb_doctor,	&verb_run,	 &verb_crawl,	    &verb_scan,
	&verb_list,	&verb_triage,	&verb_show,	&verb_search,	 &verb_mark,	    &verb_assign,
	&verb_verdicts, &verb_campaign, &verb_actor,	&verb_rescan,	 &verb_report,	    &verb_source,
	&verb_rule,	&verb_asset,	&verb_alert,	&verb_subscribe, &verb_unsubscribe, &verb_answer,
	&verb_train,	&verb_eval,	&verb_playbook, &verb_affected,	 &verb_takedown,    &verb_hold,
	&verb_purge,	&verb_evidence, &verb_verify,	&verb_backup,	 &verb_store,	    &verb_stage,
};

enum { VERBS = sizeof(verbs) / sizeof(verbs[0]), OPTIONS = 24 };

static const char about[] = "watchdesk - watches paste sites and forums for threats and leaked data";

static const struct {
	int code;
	const char *meaning;
} exits[] = {
	{ 0, "done" },
	{ 1, "done, and something was found (scan), or a line could not be answered (stage)" },
	{ 2, "bad usage or configuration" },
	{ 3, "the store or the disk" },
	{ 4, "network or mail" },
	{ 5, "verification failed" },
	{ 70, "our fault" },
};

/* Every verb knows these. */
static const struct option_row common[] = {
	{ "config", "FILE", "the configuration (watchdesk.yaml)" },
	{ "json", NULL, "print JSON, one object a line" },
	{ "verbose", NULL, "say more of what happens" },
	{ "help", NULL, "say what this verb does" },
	{ 0 },
};

static const struct verb *find_verb(const char *name)
{
	for (size_t i = 0; i < VERBS; i++)
		if (strcmp(verbs[i]->name, name) == 0)
			return verbs[i];
	return NULL;
}

static void print_options(const struct option_row *rows)
{
	for (; rows && rows->name; rows++)
		printf("  --%s%s%-*s %s\n", rows->name, rows->argument ? " " : "",
		       (int)(22 - strlen(rows->name) - (rows->argument ? 1 : 0)), rows->argument ? rows->argument : "",
		       rows->help);
}

static void print_verb_help(const struct verb *v)
{
	printf("watchdesk %s [OPTIONS]%s%s\n\n%s\n\n%s\n\nOptions:\n", v->name, v->arguments[0] ? " " : "", v->arguments,
	       v->summary, v->text);
	print_options(v->options);
	print_options(common);
}

static void print_help(void)
{
	printf("%s\n\nusage: watchdesk VERB [OPTIONS]\n\n", about);
	for (size_t i = 0; i < VERBS; i++)
		printf("  %-8s %s\n", verbs[i]->name, verbs[i]->summary);
	printf("\nwatchdesk VERB --help tells more. Begin with `watchdesk init`, then `watchdesk crawl` and `watchdesk "
	       "report`.\n"
	       "\nExit codes:\n");
	for (size_t i = 0; i < sizeof(exits) / sizeof(exits[0]); i++)
		printf("  %2d  %s\n", exits[i].code, exits[i].meaning);
}

/* Text in a manual page: a line that begins with a dot or a quote is no request, a backslash no escape. */
static void print_roff(const char *text)
{
	bool begins = true;

	for (; *text; text++) {
		if (begins && (*text == '.' || *text == '\''))
			fputs("\\&", stdout);
		begins = *text == '\n';
		if (begins && text[1] == '\n') {
			fputs("\n.PP\n", stdout);
			text++;
		} else if (*text == '\\') {
			fputs("\\e", stdout);
		} else if (*text == '-') {
			fputs("\\-", stdout);
		} else {
			putchar(*text);
		}
	}
	putchar('\n');
}

static void print_roff_options(const struct option_row *rows)
{
	for (; rows && rows->name; rows++) {
		printf(".TP\n\\fB\\-\\-%s\\fR%s\\fI%s\\fR\n", rows->name, rows->argument ? " " : "",
		       rows->argument ? rows->argument : "");
		print_roff(rows->help);
	}
}

static void print_manual(void)
{
	printf(".TH WATCHDESK 1 \"\" \"watchdesk " WATCHDESK_VERSION "\"\n.SH NAME\n");
	print_roff(about);
	printf(".SH SYNOPSIS\n.B watchdesk\n.I VERB\n[OPTIONS]\n.SH VERBS\n");
	for (size_t i = 0; i < VERBS; i++) {
		printf(".SS watchdesk %s %s\n", verbs[i]->name, verbs[i]->arguments);
		print_roff(verbs[i]->text);
		print_roff_options(verbs[i]->options);
	}
	printf(".SH OPTIONS OF EVERY VERB\n");
	print_roff_options(common);
	printf(".SH EXIT STATUS\n");
	for (size_t i = 0; i < sizeof(exits) / sizeof(exits[0]); i++) {
		printf(".TP\n%d\n", exits[i].code);
		print_roff(exits[i].meaning);
	}
}

static void print_completion(void)
{
	printf("# bash completion for watchdesk\n_watchdesk()\n{\n\tlocal word=${COMP_WORDS[COMP_CWORD]} "
	       "before=${COMP_WORDS[COMP_CWORD-1]}\n"
	       "\tif [ \"$before\" = --config ]; then COMPREPLY=($(compgen -f -- \"$word\")); return; fi\n"
	       "\tif [ \"$COMP_CWORD\" -eq 1 ]; then COMPREPLY=($(compgen -W '");
	for (size_t i = 0; i < VERBS; i++)
		printf("%s ", verbs[i]->name);
	printf("help version' -- \"$word\")); return; fi\n\tcase ${COMP_WORDS[1]} in\n");
	for (size_t i = 0; i < VERBS; i++) {
		printf("\t%s) local options='", verbs[i]->name);
		for (const struct option_row *r = verbs[i]->options; r && r->name; r++)
			printf("--%s ", r->name);
		printf("--config --json --verbose --help' ;;\n");
	}
	printf("\tesac\n\tcase $word in\n\t-*) COMPREPLY=($(compgen -W \"$options\" -- \"$word\")) ;;\n"
	       "\t*) COMPREPLY=($(compgen -f -- \"$word\")) ;;\n\tesac\n}\ncomplete -F _watchdesk watchdesk\n");
}

static const struct {
	const char *name;
	void (*print)(void);
} built_in[] = {
	{ "help", print_help },	    { "--help", print_help },		{ "-h", print_help },
	{ "manual", print_manual }, { "completion", print_completion },
};

/* The options of a verb and the common ones, as getopt_long wants them; the value is the row, common rows from OPTIONS on. */
static void fill_options(const struct verb *v, struct option *out)
{
	int n = 0;

	for (int i = 0; v->options && v->options[i].name; i++)
		out[n++] = (struct option){ v->options[i].name, v->options[i].argument ? required_argument : no_argument, NULL,
					    256 + i };
	for (int i = 0; common[i].name; i++)
		out[n++] = (struct option){ common[i].name, common[i].argument ? required_argument : no_argument, NULL,
					    256 + OPTIONS + i };
	out[n] = (struct option){ 0 };
}

/* What getopt_long() gives for an option of the verb; '?' when it has none of that name. */
static int option_value(const struct verb *v, const char *name)
{
	for (int i = 0; v->options && v->options[i].name; i++)
		if (strcmp(v->options[i].name, name) == 0)
			return 256 + i;
	return '?';
}

/* 1: run it; 0: all was said already; below 0: wrong. */
static int read_command_line(int argc, char **argv, struct invocation *i, struct err *err)
{
	struct option options[2 * OPTIONS];
	int found;

	fill_options(i->verb, options);
	opterr = 0;
	while ((found = getopt_long(argc, argv, "ho:", options, NULL)) != -1) {
		if (found == 'o')
			found = option_value(i->verb, "output");
		if (found == '?' || found == ':')
			return err_set(err, E_USAGE, "%s: no such option, or its value is missing; see `watchdesk %s --help`",
				       argv[optind - 1], i->verb->name);
		if (found == 256 + OPTIONS) {
			i->config_path = optarg;
		} else if (found == 256 + OPTIONS + 1) {
			i->json = true;
		} else if (found == 256 + OPTIONS + 2) {
			log_show(LOG_DEBUG);
		} else if (found == 256 + OPTIONS + 3 || found == 'h') {
			print_verb_help(i->verb);
			return 0;
		} else {
			i->values[found - 256] = optarg ? optarg : "";
		}
	}
	i->arguments = argv + optind;
	i->n = argc - optind;
	if (i->n < i->verb->least || (i->verb->most >= 0 && i->n > i->verb->most))
		return err_set(err, E_USAGE, "usage: watchdesk %s [OPTIONS] %s", i->verb->name, i->verb->arguments);
	return 1;
}

/* What went wrong may quote a page or a file: it reaches the terminal as text, on one line. */
static int complain(const struct err *err)
{
	AUTO(buf) text = BUF_INIT(8 * ERR_TEXT);

	log_printable(&text, str_of(err->text), false);
	fprintf(stderr, "watchdesk: %s\n", text.p ? text.p : "");
	return err_exit_code(err->code);
}

static int unknown_verb(const char *name)
{
	struct err err = { 0 };

	err_set(&err, E_USAGE, "%s: no such verb; `watchdesk help` lists them", name);
	return complain(&err);
}

int main(int argc, char **argv)
{
	struct invocation i = { .config_path = "watchdesk.yaml" };
	struct err err = { 0 };
	int result;

	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a limit on files is an error of the write, not the end of the writer */
	if (argc < 2) {
		print_help();
		return 2;
	}
	if (strcmp(argv[1], "version") == 0 || strcmp(argv[1], "--version") == 0) {
		printf("watchdesk " WATCHDESK_VERSION "\n");
		return 0;
	}
	for (size_t k = 0; k < sizeof(built_in) / sizeof(built_in[0]); k++)
		if (strcmp(argv[1], built_in[k].name) == 0 && argc == 2) {
			built_in[k].print();
			return 0;
		}
	i.verb = find_verb(strcmp(argv[1], "help") == 0 ? argv[2] : argv[1]);
	if (!i.verb)
		return unknown_verb(strcmp(argv[1], "help") == 0 ? argv[2] : argv[1]);
	if (strcmp(argv[1], "help") == 0) {
		print_verb_help(i.verb);
		return 0;
	}
	result = read_command_line(argc - 1, argv + 1, &i, &err);
	if (result > 0)
		result = i.verb->run(&i, &err);
	if (fflush(stdout) != 0 && result >= 0)
		result = err_set(&err, E_IO, "cannot write to standard output: the reader is gone or the disk is full");
	return result < 0 ? complain(&err) : result;
}
