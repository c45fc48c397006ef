/** The demonstration in a running installation, by its public HTTP API and a manager's token. */
import { type DemoHost, OtherPackageError } from './host.ts';
import { DEMO_ID, demoPackage } from './package.ts';
import { type Answer, ask } from './request.ts';

const CONFLICT = 409;

export function httpHost(url: string, token: string, signal: AbortSignal): DemoHost {
  const elections = `${url}/api/v1/elections`;
  const authorization = `Bearer ${token}`;
  return {
    async open() {
      const headers = { authorization, 'content-type': 'application/zip' };
      const answer = await ask(elections, { method: 'POST', headers, body: demoPackage() }, signal);
      if (answer.status === CONFLICT)
        throw new OtherPackageError(
          `another package is open as ${DEMO_ID} at ${url}: the demonstration goes elsewhere`,
        );
      mustBeDone(elections, answer);
    },
    async addAccount(account) {
      const address = `${elections}/${DEMO_ID}/tokens`;
      const headers = { authorization, 'content-type': 'application/json' };
      const answer = await ask(address, { method: 'POST', headers, body: JSON.stringify(account) }, signal);
      mustBeDone(address, answer);
      return (JSON.parse(answer.text) as { token: string }).token;
    },
  };
}

function mustBeDone(address: string, { status, text }: Answer): void {
  if (status !== 200 && status !== 201) throw new Error(`${address} answers ${status}: ${text.slice(0, 500)}`);
}
