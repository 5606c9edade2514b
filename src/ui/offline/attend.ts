/** What the page does once it is at rest: it becomes an app that works offline. */
import type { Session } from '../session.svelte';
import { FILES_GONE, NO_FILES } from '../words';
import { onLaunch, takeShared } from './arrivals';
import { ServiceDesk } from './serviceDesk.svelte';
import { openServiceLink, type ServiceLink } from './serviceLink';

export type OpenService = (session: Session) => Promise<ServiceDesk | null>;

/** The page was loaded anew for its headers; once a visit, or a host that interferes would make it go on for ever. */
const RELOADED_KEY = 'open-the-eyes:isolating';
/** What the first photo does without is fetched when nothing has been done for so long. */
const REST_AFTER_MS = 10_000;

/** @returns null where the browser gives this page no service worker. */
export async function attend(session: Session): Promise<ServiceDesk | null> {
  onLaunch((files) => session.add(files));
  if (new URLSearchParams(location.search).has('shared')) await openShared(session);
  const link = await openServiceLink().catch(() => null);
  if (!link) return null;
  const desk = new ServiceDesk(link, () => location.reload());
  const settle = () => {
    if (!link.isWatching()) return;
    isolate(session);
    void desk.refresh().catch(() => undefined);
  };
  settle();
  link.onChange(settle);
  void fetchRest(session, link);
  return desk;
}

async function openShared(session: Session): Promise<void> {
  history.replaceState(null, '', './');
  try {
    const files = await takeShared();
    if (files.length) session.add(files);
    else session.notices.say('info', NO_FILES);
  } catch {
    session.notices.say('error', FILES_GONE);
  }
}

/**
 * Where the host sends no isolation headers the service worker does, with the next load. Never over an open photo, nor
 * over somebody who has begun to do something: a dialog of the system may be open.
 */
function isolate(session: Session): void {
  if (crossOriginIsolated || session.pictures.length || navigator.userActivation?.hasBeenActive) return;
  try {
    if (sessionStorage.getItem(RELOADED_KEY)) return;
    sessionStorage.setItem(RELOADED_KEY, 'once');
  } catch {
    return;
  }
  location.reload();
}

async function fetchRest(session: Session, link: ServiceLink): Promise<void> {
  const { connection } = navigator as { readonly connection?: { readonly saveData?: boolean } };
  if (connection?.saveData) return;
  await new Promise((resolve) => setTimeout(resolve, REST_AFTER_MS));
  // Both at once: a run must not begin while the other is waited for.
  while (session.looker.activity.kind || session.work.kind) {
    await Promise.all([session.looker.activity.idle(), session.work.idle()]);
  }
  // What does not come now is asked for when it is needed, and at the next visit.
  if (link.isWatching()) await link.ask({ type: 'fetch-rest' }).catch(() => false);
}
