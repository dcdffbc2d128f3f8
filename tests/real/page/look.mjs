// look.mjs - a report in Chromium: nothing acts, nothing is asked for, nobody is shut out, nothing is cut, and the keys work
// usage: NPM=FOLDER_OF_MODULES node look.mjs REPORT     (a line of what was held; the first that does not hold ends it)
import { createRequire } from 'node:module'
import fs from 'node:fs'
import path from 'node:path'
import { execFileSync } from 'node:child_process'

const need = createRequire(path.resolve(process.env.NPM) + '/')
const { chromium } = need('playwright-core')
const axe = fs.readFileSync(need.resolve('axe-core/axe.min.js'), 'utf8')
const { CspParser } = need('csp_evaluator/dist/parser.js'), { CspEvaluator } = need('csp_evaluator/dist/evaluator.js')
const report = path.resolve(process.argv[2])
const fail = text => { console.error(`not ok: ${text}`); process.exit(1) }
const hold = (what, is) => is || fail(what)
const names = (fs.readdirSync(report, { recursive: true })).filter(name => name.endsWith('.html')).sort()
const address = name => `file://${report}/${name}`
// All kinds of pages, and two of those that there are many of.
const kind = name => name.replace(/[0-9a-f]+\.html$/, '').replace(/^by-.*/, 'by')
const sample = names.filter((name, i) => names.slice(0, i).filter(other => kind(other) === kind(name)).length < 2)
const one = names.filter((name, i) => !names.slice(0, i).some(other => kind(other) === kind(name)))

const begun = Date.now(), said = what => console.log(`ok: ${what} (${Math.round((Date.now() - begun) / 1000)} s)`)
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] })

// A page that tells what it may not do: it is asked for at the end.
async function open(options = {}) {
	const context = await browser.newContext(options), page = await context.newPage(), seen = []
	page.on('dialog', dialog => { seen.push(`a dialog: ${dialog.message()}`); dialog.dismiss() })
	page.on('console', message => seen.push(`console: ${message.text()}`))
	page.on('pageerror', error => seen.push(`an error: ${error.message}`))
	page.on('popup', () => seen.push('a window'))
	context.on('request', request => [page.wanted].flat().includes(request.url()) || seen.push(`a request for ${request.url().slice(0, 200)}`))
	page.go = async name => {
		page.wanted = address(name)
		await page.goto(page.wanted)
		hold(`${name}: ${seen[0]}`, seen.length === 0)
		hold(`${name} became ${page.url()}`, page.url() === page.wanted)
	}
	page.seen = seen
	return page
}

// ---- nothing acts ----

// Many in one window, each under its own policy: much faster than one after the other.
const isOdd = () => document.title === 'taken' || [...document.querySelectorAll('body > header .tlp, body > footer .tlp')].filter(label => /^TLP:[A-Z+]+$/.test(label.textContent)).length !== 2 || document.querySelectorAll('body script').length > 1 ||
	document.querySelector('img, iframe, object, embed, form, base, link[rel=stylesheet], [onload], [onerror], [onfocus], [autofocus], a[href^="javascript"], a[href*="//"]') !== null
async function open_all(some_names, part) {
	const page = await open(), window = path.join(path.dirname(report), `window${part}.html`), each = 40
	for (let i = 0; i < some_names.length; i += each) {
		const some = some_names.slice(i, i + each)
		fs.writeFileSync(window, `<!doctype html><title>window</title>${some.map(name => `<iframe src="${address(name)}"></iframe>`).join('')}`)
		page.wanted = [`file://${window}`, ...some.map(address)]
		await page.goto(`file://${window}`)
		const frames = page.frames().slice(1)
		hold(`${frames.length} frames of ${some.length}`, frames.length === some.length)
		const odd = await Promise.all(frames.map(async frame => !page.wanted.includes(frame.url()) || await frame.evaluate(isOdd)))
		hold(`${frames[odd.indexOf(true)]?.url()} holds what no page of ours has`, !odd.includes(true))
		hold(`among ${some[0]} and those behind it ${page.seen[0]}`, page.seen.length === 0)
	}
	await page.waitForTimeout(500)
	hold(`in the end ${page.seen[0]}`, page.seen.length === 0)
	await page.context().close()
}
await Promise.all([0, 1].map(part => open_all(names.filter((_, i) => i % 2 === part), part)))
said(`${names.length} pages: no dialog, no request, no word on the console, the label twice`)

// ---- the policy ----

for (const name of sample) {
	const policy = fs.readFileSync(path.join(report, name), 'utf8').match(/<meta ([^>]*)>/)[1].match(/content="([^"]*)"/)[1]
	const high = new CspEvaluator(new CspParser(policy).csp).evaluate().filter(f => f.severity < 40)
	hold(`${name}: ${JSON.stringify(high[0])}`, high.length === 0)
}
said('csp_evaluator has nothing to say against the policy')

// ---- nobody is shut out, nothing is cut ----

// Runs in the page: what is wider than the window, cut, or on top of another text.
function layout() {
	const wrong = [], texts = []
	const shown = e => e.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !e.closest('.ear, .skip, svg, template, script, style, title')
	if (document.scrollingElement.scrollWidth > innerWidth) {
		const widest = [...document.body.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && shown(e))[0]
		wrong.push(`wider than the window: ${document.scrollingElement.scrollWidth} by ${widest && widest.outerHTML.slice(0, 120)}`)
	}
	const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = document.createRange()
	while (walker.nextNode() && texts.length < 4000) {
		const node = walker.currentNode, e = node.parentElement
		if (!node.data.trim() || !shown(e) || (e.closest('thead') && getComputedStyle(e.closest('thead')).position === 'absolute')) continue
		const clip = e.closest('pre, td, th, dd, p, li, h1')
		if (clip && getComputedStyle(clip).overflow === 'hidden' && clip.scrollWidth > clip.clientWidth + 1) wrong.push(`cut: ${clip.textContent.slice(0, 60)}`)
		range.selectNodeContents(node)
		for (const r of range.getClientRects()) if (r.width > 1 && r.height > 1) texts.push({ node, r })
	}
	for (const cell of document.querySelectorAll('tbody tr:first-child > .number')) {
		const head = cell.closest('table').tHead.rows[0].cells[cell.cellIndex]
		if (getComputedStyle(head.closest('thead')).position === 'absolute') continue // cards have none
		if (getComputedStyle(head).textAlign !== getComputedStyle(cell).textAlign) wrong.push(`the head "${head.textContent}" stands elsewhere than its numbers`)
	}
	texts.sort((a, b) => a.r.top - b.r.top)
	for (let i = 0; i < texts.length; i++)
		for (let k = i + 1; k < texts.length && texts[k].r.top < texts[i].r.bottom; k++) {
			const a = texts[i], b = texts[k], w = Math.min(a.r.right, b.r.right) - Math.max(a.r.left, b.r.left)
			const h = Math.min(a.r.bottom, b.r.bottom) - b.r.top
			if (a.node !== b.node && w > 2 && h > 0.5 * Math.min(a.r.height, b.r.height))
				wrong.push(`"${a.node.data.slice(0, 40)}" and "${b.node.data.slice(0, 40)}" are on one place`)
		}
	return wrong
}

const views = [
	{ name: '1280', viewport: { width: 1280, height: 800 }, colorScheme: 'light', axe: one },
	{ name: '320', viewport: { width: 320, height: 640 }, colorScheme: 'light', axe: one },
	{ name: 'dark', viewport: { width: 1280, height: 800 }, colorScheme: 'dark', axe: one, rules: ['color-contrast'] }, // of what axe holds, all that is another in the dark
	{ name: '4K', viewport: { width: 3840, height: 2160 }, colorScheme: 'light', axe: [] },
]
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
async function look(view) {
	const page = await open({ viewport: view.viewport, colorScheme: view.colorScheme, bypassCSP: true })
	for (const name of sample) {
		await page.go(name)
		const wrong = await page.evaluate(layout)
		hold(`${name} at ${view.name}: ${wrong[0]}`, wrong.length === 0)
		if (!view.axe.includes(name)) continue
		await page.evaluate(axe)
		const found = await page.evaluate(only => axe.run(document, { runOnly: only, resultTypes: ['violations'] }), view.rules || rules)
		hold(`${name} at ${view.name}: ${found.violations.map(v => `${v.id} (${v.nodes.length}): ${v.nodes[0].html.slice(0, 200)} ${v.nodes[0].failureSummary}`)[0]}`, found.violations.length === 0)
		if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/${name.replace(/\W+/g, '-')}-${view.name}.png`, fullPage: false })
	}
	await page.context().close()
	said(`${sample.length} pages at ${view.name}: nothing is cut or on top of another, axe has no violation on ${view.axe.length}`)
}
await Promise.all(views.map(look)) // each in a process of its own

// ---- without script, and on paper ----

// Runs in the page: what an exhibit must say, which is all that is named on it but what is done at a screen (as far as any font has it);
// and the last of the ways that it must not.
function facts() {
	const named = [...document.querySelectorAll('h1, main h2, main h3, main dt, footer p')].filter(e => !e.closest('[aria-labelledby="commands"], details, .ear, section:has(> .links)'))
	return { facts: named.map(e => e.textContent.trim().replace(/[^ -~].*/su, '').slice(0, 22)).filter(Boolean), way: [...document.querySelectorAll('.top nav a')].pop().textContent }
}

{
	const page = await open({ javaScriptEnabled: false })
	const lists = sample.filter(name => fs.readFileSync(path.join(report, name), 'utf8').includes(' sorts">'))
	hold('no page has a table to sort', lists.length > 0)
	for (const name of lists) {
		await page.go(name)
		hold(`${name} needs a script`, await page.locator('table.sorts tbody tr').first().isVisible() && await page.locator('.tools').count() === 0)
	}
	await page.context().close()
	const print = await open({ colorScheme: 'dark' })
	await print.emulateMedia({ media: 'print' })
	for (const kind of ['finding/', 'takedown/', 'campaign/', 'source/']) {
		const name = names.find(name => name.startsWith(kind))
		await print.go(name)
		hold(`${name}: navigation is printed`, !(await print.locator('.top nav').isVisible()))
		hold(`${name}: paper is dark`, await print.evaluate(() => getComputedStyle(document.body).backgroundColor) === 'rgb(255, 255, 255)')
		hold(`${name}: the label is not printed`, await print.evaluate(() => getComputedStyle(document.body).page) !== 'auto')
		const sheet = path.join(path.dirname(report), 'sheet.pdf'), there = await print.evaluate(facts)
		await print.pdf({ path: sheet, format: 'A4' })
		const printed = execFileSync('pdftotext', ['-layout', sheet, '-'], { encoding: 'utf8' }), close = text => text.replace(/\s+/g, '')
		const missing = there.facts.filter(fact => !close(printed).includes(close(fact)))
		hold(`${name} has no fact`, there.facts.length > 5)
		hold(`${name}: not printed is ${missing[0]}`, missing.length === 0)
		hold(`${name}: a sheet has no label`, printed.split('\f').filter(page => page.trim()).every(page => page.includes('TLP:')))
		hold(`${name}: the way to other pages is printed`, !printed.split('\n').some(line => line.includes('watchdesk') && line.includes(there.way)))
		if (kind === 'finding/') hold('the text of a finding is not printed', printed.includes('@example.com:****'))
	}
	await print.context().close()
	said('pages are whole without script, and a finding, a takedown and a campaign print as exhibits with all that they say')
}

// ---- texts from right to left, and texts without spaces ----

// Runs in the page: a row stands as all others do, whatever is written in it.
function order() {
	const rows = [...document.querySelectorAll('table.findings tbody tr')], wrong = [], lefts = row => [...row.cells].map(cell => Math.round(cell.getBoundingClientRect().left)).join(' ')
	for (const row of rows) {
		const title = row.querySelector('th bdi'), chip = row.querySelector('.chip').getBoundingClientRect()
		if (lefts(row) !== lefts(rows[0])) wrong.push(`its cells stand at ${lefts(row)}: ${row.innerText.slice(0, 60)}`)
		if (title && getComputedStyle(title).unicodeBidi !== 'isolate') wrong.push(`${title.outerHTML.slice(0, 60)} is not isolated`)
		if (title && title.getBoundingClientRect().left < chip.right) wrong.push(`a title before its severity: ${row.innerText.slice(0, 60)}`)
	}
	return { wrong, bidi: rows.filter(row => /[\u0590-\u06ff]/.test(row.querySelector('th').textContent)).length, wide: rows.filter(row => /(\u4f60\u597d.\u4e16\u754c){5}/.test(row.querySelector('th').textContent)).length }
}
{
	const page = await open({ viewport: { width: 1280, height: 800 } })
	let bidi = 0, wide = 0
	for (const name of names.filter(name => /^findings\/\d+\.html$/.test(name))) {
		await page.go(name)
		const found = await page.evaluate(order)
		hold(`${name}: ${found.wrong[0]}`, found.wrong.length === 0)
		bidi += found.bidi
		wide += found.wide
	}
	hold(`${bidi} rows from right to left, ${wide} without spaces`, bidi >= 2 && wide >= 1)
	await page.context().close()
	said(`rows stand in their order, ${bidi} of them with a title from right to left`)
}

// ---- filter, sort and keys ----

{
	const page = await open(), list = names.find(name => /^findings\/\d+\.html$/.test(name) && fs.readFileSync(path.join(report, name), 'utf8').includes(' sorts">'))
	const shown = () => page.locator('table.sorts tbody tr:visible').count()
	const active = () => page.evaluate(() => { const e = document.activeElement; return e.closest('tbody tr') ? [...document.querySelectorAll('table.sorts tbody tr')].filter(r => !r.hidden).indexOf(e.closest('tr')) : e.tagName + ':' + e.type })
	await page.go(list)
	const all = await shown(), word = await page.locator('table.sorts tbody tr').nth(2).locator('th a').getAttribute('href')
	hold(`${list} has ${all} rows`, all > 3)
	await page.keyboard.press('/')
	hold('/ does not lead to the filter', await active() === 'INPUT:search')
	await page.keyboard.type('svg')
	const some = await shown()
	hold(`the filter shows ${some} of ${all}`, some > 0 && some < all && (await page.locator('.tools output').first().textContent()) === `${some} / ${all}`)
	await page.keyboard.type(' jkno-such-word')
	hold('letters of keys do not reach the filter', await shown() === 0)
	await page.keyboard.press('Escape')
	hold('Escape does not show all again', await shown() === all)
	for (const [key, row] of [['j', 0], ['j', 1], ['j', 2], ['k', 1], ['k', 0], ['k', 0], ['j', 1], ['j', 2]]) {
		await page.keyboard.press(key)
		hold(`after ${key} the row is ${await active()}, expected ${row}`, await active() === row)
	}
	page.wanted = new URL(word, address(list)).href
	await page.keyboard.press('o')
	await page.waitForURL(page.wanted)
	await page.go(list)
	const heads = page.locator('table.sorts thead button'), column = 0
	await heads.nth(column).focus()
	const values = () => page.locator('table.sorts tbody tr').evaluateAll((rows, n) => rows.map(r => Number(r.cells[n].querySelector('b').textContent)), column)
	for (const [way, sign] of [['descending', -1], ['ascending', 1]]) {
		await page.keyboard.press('Enter')
		const now = await values()
		hold(`not ${way}: ${now}`, now.every((v, i) => i === 0 || sign * (v - now[i - 1]) >= 0) && await page.locator('table.sorts thead th').nth(column).getAttribute('aria-sort') === way)
	}
	await page.locator('.tools [type=checkbox]').first().uncheck()
	await page.locator('h1').click()
	await page.keyboard.press('/')
	hold('a key acts that was turned off', await active() !== 'INPUT:search')
	hold(`with the keys ${page.seen[0]}`, page.seen.length === 0)
	await page.context().close()
	said('filter and sort by keyboard; keys can be turned off')
}
await browser.close()
