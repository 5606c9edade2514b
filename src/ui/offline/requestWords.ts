/** The requests of the app, in words. */
import { type NetworkRequest, type Outcome, type Purpose, wentOut } from '../../core/networkRequest';
import { count } from '../words';

const PURPOSES: Readonly<Record<Purpose, string>> = {
  page: 'the page',
  app: 'a part of the app',
  models: 'a model',
};

const OUTCOMES: Readonly<Record<Outcome, string>> = {
  open: 'under way',
  answered: '',
  failed: 'no answer',
  refused: 'refused: offline',
};

const WHEN = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

export function whenWords(request: NetworkRequest): string {
  return WHEN.format(request.atMs);
}

export function purposeWords({ purpose, outcome }: NetworkRequest): string {
  const end = OUTCOMES[outcome];
  return end ? `${PURPOSES[purpose]} (${end})` : PURPOSES[purpose];
}

/** Of all that is listed. */
export function totalSentence(all: readonly NetworkRequest[]): string {
  const out = all.filter(wentOut);
  const refused = all.length - out.length;
  const hosts = new Set(out.map(({ host }) => host)).size;
  if (!all.length) return 'None yet: nothing has been asked for over the network.';
  const asked = `${count(out.length, 'request')} to ${count(hosts, 'host')}`;
  return refused ? `${asked}, and ${refused} refused while working offline.` : `${asked}.`;
}
