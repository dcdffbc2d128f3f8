// script.js - filter, sort and keys for tables of the class "sorts"; every page is whole without it
'use strict';
(() => {
	const template = document.getElementById('tools');
	let keys = true;
	try { keys = localStorage.getItem('watchdesk-keys') !== 'off'; } catch { /* a browser that keeps nothing */ }

	// What a cell is sorted by: a time, the number of a chip, a number, or its words.
	const valueOf = cell => {
		const time = cell.querySelector('time'), chip = cell.querySelector('.chip b');
		const text = cell.textContent.trim(), number = Number((chip ? chip.textContent : text).replace(/,/g, ''));
		return time ? time.dateTime : text && !Number.isNaN(number) ? number : text.toLowerCase();
	};
	const compare = (a, b) => typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
	const rowsOf = table => [...table.tBodies[0].rows];
	const seen = () => [...document.querySelectorAll('table.sorts tbody tr')].filter(row => !row.hidden);

	const sortBy = (table, head) => {
		const up = head.getAttribute('aria-sort') === 'descending', column = head.cellIndex;
		for (const other of table.tHead.rows[0].cells) other.removeAttribute('aria-sort');
		head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
		const rows = rowsOf(table).map((row, at) => ({ row, at, value: valueOf(row.cells[column]) }));
		rows.sort((a, b) => (up ? 1 : -1) * compare(a.value, b.value) || a.at - b.at);
		table.tBodies[0].append(...rows.map(r => r.row));
	};
	const filter = (table, words, count) => {
		const rows = rowsOf(table), wanted = words.toLowerCase().split(/\s+/);
		for (const row of rows) {
			const text = row.textContent.toLowerCase();
			row.hidden = !wanted.every(word => text.includes(word));
		}
		count.textContent = words.trim() ? `${rows.filter(row => !row.hidden).length} / ${rows.length}` : '';
	};
	const setUp = table => {
		const bar = template.content.firstElementChild.cloneNode(true), input = bar.querySelector('[type=search]');
		const box = bar.querySelector('[type=checkbox]');
		for (const head of table.tHead.rows[0].cells) {
			const button = document.createElement('button');
			button.type = 'button';
			button.append(...head.childNodes);
			button.addEventListener('click', () => sortBy(table, head));
			head.append(button);
		}
		input.addEventListener('input', () => filter(table, input.value, bar.querySelector('output')));
		box.checked = keys;
		box.addEventListener('change', () => {
			keys = box.checked;
			document.querySelectorAll('.tools [type=checkbox]').forEach(other => { other.checked = keys; });
			try { localStorage.setItem('watchdesk-keys', keys ? 'on' : 'off'); } catch { /* for this page only */ }
		});
		table.before(bar);
	};

	// From row to row; the link of a row has the focus, so that Enter opens it as well.
	const step = by => {
		const rows = seen(), at = rows.findIndex(row => row.contains(document.activeElement));
		const row = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + by, 0), rows.length - 1)];
		const goal = row && (row.querySelector('a') || row);
		if (goal === row && row) row.tabIndex = -1;
		if (goal) goal.focus();
	};
	const acts = {
		j: () => step(1),
		k: () => step(-1),
		o: () => { const row = document.activeElement.closest('tr'), link = row && row.querySelector('a'); if (link) link.click(); },
		'/': () => document.querySelector('.tools [type=search]').focus(),
	};
	document.querySelectorAll('table.sorts').forEach(table => { if (table.tHead && rowsOf(table).length > 1) setUp(table); });
	document.addEventListener('keydown', event => {
		const typing = event.target.closest('input, textarea, select');
		if (event.key === 'Escape' && typing && typing.type === 'search') {
			typing.value = '';
			typing.dispatchEvent(new Event('input'));
			typing.blur();
		} else if (keys && !typing && !event.ctrlKey && !event.metaKey && !event.altKey && acts[event.key] && document.querySelector('.tools')) {
			event.preventDefault();
			acts[event.key]();
		}
	});
})();
