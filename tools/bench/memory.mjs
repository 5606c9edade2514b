import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * Highest resident size any renderer below this process has had, with its workers; shared libraries included. MiB.
 * Linux only.
 */
export function peakRendererMb() {
  const { stdout } = spawnSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' });
  const processes = stdout
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter(Boolean)
    .map(([, pid, parent, args]) => ({ pid: Number(pid), parent: Number(parent), args }));
  const parents = new Map(processes.map(({ pid, parent }) => [pid, parent]));
  const isOurs = (pid) => pid === process.pid || (parents.has(pid) && isOurs(parents.get(pid)));
  const peaks = processes
    .filter(({ pid, args }) => args.includes('--type=renderer') && isOurs(pid))
    .map(({ pid }) => /VmHWM:\s+(\d+) kB/.exec(statusOf(pid))?.[1]);
  return Math.max(0, ...peaks.map((peak) => Number(peak ?? 0))) / 1024;
}

function statusOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}
