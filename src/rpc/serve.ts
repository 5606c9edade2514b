/** The worker's end: its methods, served over the port. */
import { type Endpoint, expose } from 'comlink';
import { installWire } from './wire';

/** Serves `methods` (each `method(input…, signal, report?)`) on the worker's own port, or on `port` in tests. */
export function serve(methods: object, port?: Endpoint): void {
  installWire();
  expose(methods, port ?? (globalThis as unknown as Endpoint));
}
