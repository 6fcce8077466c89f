// A switch for each service of the demo: when one is stopped, its events are missing and everything
// else stays.

import { serviceOf } from '../../event-kinds.ts';
import { h } from './dom.ts';
import { EVENT_KINDS } from './graph-types.ts';
import type { Messages } from './messages.ts';

type Running = Readonly<Record<string, boolean>>;

/** The switches; `onSwitch` is called after each. Null where services cannot be stopped. */
export async function drawServices(token: string, messages: Messages, onSwitch: () => void): Promise<HTMLElement> {
  const place = h('div', { className: 'services' });
  const call = async (path: string, method: 'GET' | 'POST'): Promise<void> => {
    const response = await fetch(`/dev/services${path}`, { method, headers: { authorization: `Bearer ${token}` } });
    if (response.ok) draw((await response.json()) as Running);
  };
  const draw = (running: Running) => {
    const switches = Object.entries(running).map(([name, runs]) => {
      const kind = EVENT_KINDS.find((one) => serviceOf(one) === name);
      const onclick = () => void call(`/${name}/${runs ? 'stop' : 'start'}`, 'POST').then(onSwitch);
      const text = `${kind === undefined ? name : messages.kind[kind]} ${runs ? messages.stop : messages.start}`;
      return h('button', { id: `switch-${name}`, type: 'button', onclick }, text);
    });
    place.replaceChildren(
      h('h3', {}, messages.services),
      h('p', { className: 'quiet' }, messages.servicesText),
      h('div', { className: 'actions' }, ...switches),
    );
  };
  await call('', 'GET');
  return place;
}
