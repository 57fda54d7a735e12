// `npm ci` fails on a lock file that leaves out a dependency, and on another platform one that leaves out a binary
// gives a broken installation. Both happen with some tools' releases, so the lock is checked as a whole.
import { readFileSync } from 'node:fs'

const { packages } = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'))

const faults = Object.entries(packages).flatMap(([path, entry]) => [...missingFor(path, entry), ...hostOf(path, entry)])
for (const fault of faults) console.error(fault)
if (faults.length > 0) process.exit(1)

function missingFor(path, { dependencies, optionalDependencies }) {
  return Object.keys({ ...dependencies, ...optionalDependencies })
    .filter((name) => !isFoundFrom(path, name))
    .map((name) => `package-lock.json lacks ${name}, which ${path === '' ? 'the project' : path} depends on`)
}

// As Node looks for it: beside the package, then in each folder above.
function isFoundFrom(path, name) {
  const prefix = path === '' ? '' : `${path}/`
  if (`${prefix}node_modules/${name}` in packages) return true
  return path !== '' && isFoundFrom(path.slice(0, Math.max(0, path.lastIndexOf('/node_modules/'))), name)
}

// Whoever installs may use a mirror; a workspace's link is a path, and names no host.
function hostOf(path, { resolved }) {
  return resolved?.includes('://') ? [`package-lock.json names a host for ${path}: ${resolved}`] : []
}
