// The status page: asks the endpoint how it is every two seconds, and shows that. What comes from the endpoint is put into the page
// as text, never as markup.
const secret = document.querySelector('meta[name=secret]').content;
const byId = id => document.getElementById(id);
const SVG = 'http://www.w3.org/2000/svg';
const EVERY = 2000;
const history = { next: 0, step: 5, most: 720, samples: [] };
let last = null;

/** An element with attributes and children; text among the children stays text. */
function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === 'onclick') made.addEventListener('click', value);
    else if (value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.filter(child => child !== null && child !== undefined));
  return made;
}

function svg(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

// ---- amounts, as people read them

function bytes(n) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  while (n >= 1000 && unit < units.length - 1) { n /= 1024; unit++; }
  return (unit === 0 || n >= 100 ? Math.round(n) : n >= 10 ? n.toFixed(1) : n.toFixed(2)) + ' ' + units[unit];
}

function count(n) { return n.toLocaleString('en'); }

function span(seconds) {
  if (seconds < 1) return Math.max(1, Math.round(seconds * 1000)) + ' ms';
  if (seconds < 60) return (seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)) + ' s';
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return minutes + ' min';
  const hours = Math.floor(minutes / 60);
  return hours >= 48 ? Math.round(hours / 24) + ' days' : hours + ' h' + (minutes % 60 ? ` ${minutes % 60} min` : '');
}

function millis(ms) { return ms >= 1000 ? (ms / 1000).toFixed(1) + ' s' : ms >= 10 ? Math.round(ms) + ' ms' : ms.toFixed(1) + ' ms'; }

// ---- plots

const WIDE = 600, HIGH = 100;

/** How many samples the plots have room for: an hour of them, or what there is, and ten minutes at least. */
function shown() { return Math.min(history.most, Math.max(600 / history.step, history.samples.length)); }

/** The means of a few values each, where there are more than can be told apart. */
function means(values) {
  const each = Math.ceil(values.length / 240);
  if (each < 2) return values;
  const told = [];
  for (let end = values.length; end > 0; end -= each) {
    const some = values.slice(Math.max(0, end - each), end).filter(value => value !== null);
    told.unshift(some.length ? some.reduce((all, value) => all + value, 0) / some.length : null);
  }
  return told;
}

/** A line, and what is below it, for each series; a gap where nothing is known. */
function plot(title, series, show) {
  const most = Math.max(1e-9, ...series.flatMap(one => one.values).filter(value => value !== null));
  const picture = svg('svg', { class: 'plot', viewBox: `0 0 ${WIDE} ${HIGH}`, preserveAspectRatio: 'none', role: 'img' });
  const known = series.map(one => one.name + ' ' + show(one.values.findLast(value => value !== null) ?? 0)).join(', ');
  picture.append(svg('title', {}));
  picture.firstChild.textContent = `${title} over the last ${span(shown() * history.step)}: now ${known}; at most ${show(most > 1e-9 ? most : 0)}`;
  for (const y of [0.5, HIGH / 2, HIGH - 0.5]) picture.append(svg('line', { class: 'grid', x1: 0, x2: WIDE, y1: y, y2: y }));
  for (const one of series) {
    const group = svg('g', { class: one.look });
    const points = means(one.values), room = shown() * points.length / Math.max(1, one.values.length), start = room - points.length;
    let line = '', area = '', first = null, x = 0;
    const end = () => { if (first !== null) area += `L${x} ${HIGH}L${first} ${HIGH}Z`; first = null; };
    points.forEach((value, i) => {
      if (value === null) { end(); return; }
      x = ((start + i + 1) / room * WIDE).toFixed(1);
      const at = `${x} ${(HIGH - 1 - value / most * (HIGH - 4)).toFixed(1)}`;
      if (first === null) { first = x; line += `M${at}L${at}`; area += 'M' + at; } else { line += 'L' + at; area += 'L' + at; }
    });
    end();
    group.append(svg('path', { class: 'area', d: area }), svg('path', { class: 'line', d: line }));
    picture.append(group);
  }
  const caption = el('figcaption', {}, el('b', {}, title), ...series.map(one =>
    el('span', { class: 'key ' + one.look }, `${one.name} ${show(one.values.findLast(value => value !== null) ?? 0)}`)));
  return el('figure', {}, caption, picture, el('div', { class: 'axis' }, el('span', {}, span(shown() * history.step) + ' ago'),
    el('span', {}, most > 1e-9 ? 'at most ' + show(most) : ''), el('span', {}, 'now')));
}

function values(peer, index) {
  return history.samples.map(sample => sample[peer] ? sample[peer][index] : null);
}

// ---- peers

function facts(pairs) {
  return el('dl', { class: 'facts' }, ...pairs.filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))));
}

function peerCard(peer) {
  const cache = peer.cache;
  const asked = cache ? cache.hits + cache.misses : 0;
  const trusted = last.told.trusted.some(one => one.name === peer.name);
  const buttons = el('div', { class: 'buttons' },
    peer.where ? el('button', { type: 'button', 'aria-label': 'Disconnect ' + peer.name, onclick: () => askDisconnect(peer.name) }, 'Disconnect') : null,
    trusted ? el('button', { type: 'button', class: 'danger', 'aria-label': 'Revoke ' + peer.name, onclick: () => askRevoke(peer.name) }, 'Revoke') : null);
  return el('article', { class: 'card peer', 'data-peer': peer.name },
    el('header', {}, el('h3', {}, peer.name),
      el('span', { class: 'state' + (peer.linked ? ' good' : '') }, peer.linked ? 'linked' : peer.state.split(/[,:]/)[0]), buttons),
    el('p', { class: 'where' }, peer.where ? `${peer.where} · ${peer.protocol}, ${peer.keyExchange}`
      : peer.state + (peer.away ? ` · away for ${span(peer.away)}` : '')),
    facts([
      ['Sent', peer.sent && bytes(peer.sent.bytes)],
      ['Received', peer.received && bytes(peer.received.bytes)],
      ['Round trip', peer.roundTrip !== undefined ? span(peer.roundTrip) : undefined],
      ['Session', peer.sessionAge !== undefined ? span(peer.sessionAge) : undefined],
      ['Resumed', peer.resumes ? `${peer.resumes} time${peer.resumes === 1 ? '' : 's'}` : undefined],
      ['Its files here', `${count(peer.fids)} in use`],
      ['Programs', `${count(peer.localClients)} connected`],
      ['Ours there', peer.servedFids !== undefined ? `${count(peer.servedFids)} in use` : undefined],
      ['Waiting', peer.requests ? `${count(peer.requests)} requests` : undefined],
      ['Cache', cache && bytes(cache.bytes) + (asked ? `, ${Math.round(cache.hits / asked * 100)} % hits` : '')],
      ['Leases', cache && `${count(cache.leases)} held`],
      ['Mounted at', peer.mount && el('span', {}, el('code', {}, peer.mount.directory), peer.mount.mounted ? '' : ' – ' + peer.mount.state)],
    ]),
    history.samples.some(sample => sample[peer.name]) ? el('div', { class: 'plots' },
      plot('Throughput', [{ name: 'received', look: 'in', values: values(peer.name, 1) }, { name: 'sent', look: 'out', values: values(peer.name, 0) }], n => bytes(n) + '/s'),
      plot('Time to answer', [{ name: 'mean', look: 'slow', values: values(peer.name, 2) }], millis)) : null);
}

// ---- the other parts

function totals({ status, told }) {
  const sum = pick => status.peers.reduce((all, peer) => all + (pick(peer) || 0), 0);
  const now = history.samples.at(-1) || {};
  const rate = index => Object.values(now).reduce((all, one) => all + one[index], 0);
  const linked = status.peers.filter(peer => peer.linked).length;
  const leases = status.leases;
  return [
    ['Linked', [String(linked), `of ${status.peers.length} peer${status.peers.length === 1 ? '' : 's'}`]],
    ['Received', [bytes(rate(1)) + '/s', `${bytes(sum(peer => peer.received?.bytes))} in all`]],
    ['Sent', [bytes(rate(0)) + '/s', `${bytes(sum(peer => peer.sent?.bytes))} in all`]],
    leases ? ['Leases granted', [count(leases.out), `${count(leases.recalls)} asked back`]]
      : ['Shared', [String(told.exports.length), 'exports']],
  ].map(([name, [value, more]]) => el('div', {}, el('dt', {}, name), el('dd', {}, value), el('dd', { class: 'more' }, more)));
}

function access(grant, what) {
  return what.readOnly || grant.readOnly ? 'read' : 'read and write';
}

function whoMay(what, { rights, trusted }) {
  if (!rights) {
    return trusted.length ? [el('span', { class: 'chip' }, `every trusted peer: ${access({}, what)}`)] : ['nobody yet'];
  }
  const chips = Object.entries(rights).filter(([, grants]) => grants[what.name]).map(([peer, grants]) => {
    const grant = grants[what.name];
    return el('span', { class: 'chip' }, `${peer}: ${access(grant, what)}${grant.within ? ', below ' + grant.within : ''}${grant.users ? ', as ' + grant.users.join(', ') : ''}`);
  });
  return chips.length ? chips : ['nobody'];
}

function exports({ told }) {
  if (!told.exports.length) return el('p', { class: 'empty' }, 'Nothing is shared from here: peers can be used, and use nothing.');
  return el('table', {}, el('thead', {}, el('tr', {}, ...['Export', 'Directory or server', 'Who may']
    .map(name => el('th', { scope: 'col' }, name)))), el('tbody', {}, ...told.exports.map(what => el('tr', {},
    el('td', {}, what.name), el('td', {}, el('code', {}, what.where)), el('td', {}, ...whoMay(what, told))))));
}

/** A line of the record: its time, what happened, whose it is, and the rest as it is. */
function entry(line) {
  try {
    const { time, event, peer, ...rest } = JSON.parse(line);
    const more = Object.entries(rest).filter(([key]) => key !== 'id' && key !== 'session').map(([key, value]) =>
      `${key} ${typeof value === 'object' ? JSON.stringify(value) : value}`).join(', ');
    return el('tr', {}, el('td', { class: 'time' }, String(time).replace('T', ' ').replace(/\.\d+Z$/, '')),
      el('td', {}, String(event)), el('td', {}, peer ?? ''), el('td', {}, more));
  } catch {
    return el('tr', {}, el('td', { colspan: 4 }, line));
  }
}

function record({ told }) {
  if (!told.record) return el('p', { class: 'empty' }, 'No record is kept: ', el('code', {}, '--audit FILE'), ' begins one.');
  if (!told.record.length) return el('p', { class: 'empty' }, 'Nothing is on record yet.');
  return el('table', {}, el('thead', {}, el('tr', {}, ...['Time (UTC)', 'Event', 'Peer', 'Details']
    .map(name => el('th', { scope: 'col' }, name)))), el('tbody', {}, ...told.record.map(entry)));
}

/**
 * Makes one node like another, and leaves what is the same: so a button is the same one between the press and the release of a
 * mouse, and keeps the focus. What belongs to another peer, and a button that differs, is another one.
 */
function sync(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  if (old.nodeType !== Node.ELEMENT_NODE || old.nodeName !== fresh.nodeName || old.childNodes.length !== fresh.childNodes.length
    || ['BUTTON', 'svg'].includes(old.nodeName) || old.dataset.peer !== fresh.dataset.peer) {
    old.replaceWith(fresh);
    return;
  }
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) old.setAttribute(name, value);
  const children = [...fresh.childNodes];
  [...old.childNodes].forEach((child, i) => sync(child, children[i]));
}

function put(place, ...content) {
  const before = [...place.childNodes], after = [...el('div', {}, ...content).childNodes];
  after.forEach((node, i) => before[i] ? sync(before[i], node) : place.append(node));
  before.slice(after.length).forEach(node => node.remove());
}

function show(state) {
  last = state;
  const { status, told } = state;
  byId('endpoint').textContent = (told.listens.length ? `listens on ${told.listens.join(', ')} · ` : '') + `${status.id.slice(0, 16)}… · process ${status.process}`;
  put(byId('totals'), ...totals(state));
  put(byId('peers'), ...status.peers.map(peerCard));
  byId('no-peers').hidden = status.peers.length > 0;
  put(byId('exports'), exports(state));
  put(byId('record'), record(state));
  byId('warnings').hidden = !status.warnings;
  put(byId('warnings'), ...(status.warnings || []).map(warning => el('li', {}, warning)));
  byId('pair').hidden = told.listens.length === 0;
}

async function look() {
  try {
    const answer = await fetch('/state.json?since=' + history.next, { cache: 'no-store' });
    if (answer.status === 401) { location.reload(); return; }
    if (!answer.ok) throw new Error(await answer.text());
    const state = await answer.json();
    const told = state.told.history;
    if (told.next < history.next) history.samples = [];
    Object.assign(history, { next: told.next, step: told.step, most: told.most });
    history.samples.push(...told.samples);
    history.samples.splice(0, history.samples.length - history.most);
    show(state);
    byId('stale').hidden = true;
  } catch (fault) {
    byId('stale').textContent = 'The endpoint does not answer' + (last ? '; this is what it told last.' : '.');
    byId('stale').hidden = false;
  }
  setTimeout(look, EVERY);
}

// ---- what can be done

async function change(path, ...lines) {
  const answer = await fetch(path, { method: 'POST', body: lines.join('\n'), headers: { 'x-ninetunnel-secret': secret } });
  if (!answer.ok) throw new Error((await answer.text()).trim());
  return answer.json();
}

function say(text) {
  byId('said').textContent = text;
  setTimeout(() => { if (byId('said').textContent === text) byId('said').textContent = ''; }, 5000);
}

function confirm(title, text, yes, act) {
  byId('confirm-title').textContent = title;
  byId('confirm-text').textContent = text;
  byId('confirm-fault').textContent = '';
  byId('confirm-yes').textContent = yes;
  byId('confirm-yes').onclick = async () => {
    try {
      await act();
      byId('confirm').close();
    } catch (fault) {
      byId('confirm-fault').textContent = fault.message;
    }
  };
  byId('confirm').showModal();
}

function askDisconnect(peer) {
  confirm(`Disconnect ${peer}?`, `Programs that use its files get errors, and so do its own that use files of this host. It may come back: revoke it to keep it out.`,
    'Disconnect', async () => { await change('/disconnect', peer); say(`${peer} is disconnected`); });
}

function askRevoke(peer) {
  confirm(`Revoke ${peer}?`, `Its key is trusted no more and its link ends now. To let it in again, pair with it again.`,
    'Revoke', async () => { await change('/revoke', peer); say(`${peer} is trusted no more`); });
}

byId('pair').addEventListener('click', () => {
  byId('invite-ask').hidden = byId('invite-make').hidden = false;
  byId('invite-made').hidden = byId('invite-copy').hidden = true;
  byId('invite-fault').textContent = '';
  byId('invite-form').reset();
  byId('invite').showModal();
});

byId('invite-close').addEventListener('click', () => byId('invite').close());

byId('invite-form').addEventListener('submit', async event => {
  event.preventDefault();
  try {
    const made = await change('/invite', byId('invite-name').value.trim(), byId('invite-address').value.trim());
    byId('invite-whom').textContent = byId('invite-name').value.trim();
    byId('invite-line').textContent = made.line;
    byId('invite-code').setAttribute('viewBox', `0 0 ${made.size} ${made.size}`);
    for (const side of ['width', 'height']) byId('invite-code').setAttribute(side, made.size * 4);
    byId('invite-code').querySelector('path').setAttribute('d', made.path);
    byId('invite-ask').hidden = byId('invite-make').hidden = true;
    byId('invite-made').hidden = byId('invite-copy').hidden = false;
    byId('invite-fault').textContent = '';
    byId('invite-copy').focus();
  } catch (fault) {
    byId('invite-fault').textContent = fault.message;
  }
});

byId('invite-copy').addEventListener('click', async () => {
  try {
    await navigator.clipboard.writeText(byId('invite-line').textContent);
    say('copied');
  } catch {
    getSelection().selectAllChildren(byId('invite-line'));
    say('the browser does not let a page copy: the line is marked, press Ctrl-C');
  }
});

look();
