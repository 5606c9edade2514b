import type { Scenario, ServedRequest } from './scenario';

/** @returns the address of the scenario's files, with a slash at its end */
export async function serveScenario(server: string, scenario: Scenario): Promise<string> {
  const answer = await fetch(`${server}/scenario`, { method: 'POST', body: JSON.stringify(scenario) });
  return await answer.text();
}

export async function requestsOf(base: string): Promise<readonly ServedRequest[]> {
  return (await (await fetch(`${base}log`)).json()) as ServedRequest[];
}

/** From now on the files at that address are served so. */
export async function changeScenario(base: string, scenario: Scenario): Promise<void> {
  await fetch(base, { method: 'POST', body: JSON.stringify(scenario) });
}
