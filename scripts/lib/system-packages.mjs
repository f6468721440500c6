// System packages that the rings with real tools use. On Debian as root they are installed; elsewhere the tests that
// miss one are skipped by name and counted.
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';

/** Program that proves the package → Debian package. */
const NEEDED = {
  '/usr/sbin/sshd': 'openssh-server',
  '/usr/bin/ssh': 'openssh-client',
  '/usr/bin/sftp': 'openssh-client',
};

/** Debian's maintainer scripts ask it whether they may start a service; 101 means no. */
const POLICY = '/usr/sbin/policy-rc.d';

export function installSystemPackages() {
  const missing = [
    ...new Set(
      Object.entries(NEEDED)
        .filter(([file]) => !existsSync(file))
        .map(([, name]) => name),
    ),
  ];
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    console.log(`Not installed: ${missing.join(', ')}. The tests that need them are skipped.`);
    return;
  }
  console.log(`Installing ${missing.join(', ')} with apt-get …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore', env });
  const { status } = withoutServices(() =>
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env,
    }),
  );
  if (status !== 0)
    console.log(`apt-get could not install ${missing.join(', ')}; the tests that need them are skipped.`);
}

/** The tests start an sshd of their own: the one that the package brings must not start to listen on this computer. */
function withoutServices(install) {
  const hasPolicy = existsSync(POLICY);
  if (!hasPolicy) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755, flag: 'wx' });
  try {
    return install();
  } finally {
    if (!hasPolicy) rmSync(POLICY, { force: true });
  }
}
