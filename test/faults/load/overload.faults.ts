import { readFileSync } from 'node:fs'
import { DatabaseSync } from '@photostructure/sqlite'
import { test } from 'vitest'
import { healthy } from '../../process/ledger/hook.ts'
import { OpenLoop } from '../../process/ledger/open-loop.ts'
import { row } from '../../process/ledger/rows.ts'
import { aScene, drain, missingFromApi } from '../../process/ledger/scene.ts'

const seconds = Number(process.env['FAULTS_OVERLOAD_SECONDS'] ?? 5)
/** A commit takes as long for one as for hundreds: with fewer the disk would be measured, not the server. */
const saturatingPublishers = 512
const times = 5
const p99GoalMs = 1_000

/** What a server's memory may grow by while it is overloaded, after it has been busy for a while: garbage not yet collected. */
const growthGoalMiB = 128

/** The server has a core of its own, or those who post would have to be stronger than the machine. */
const onOneCore = ['taskset', '-c', '0']

/** Receivers hear one event in fifty: they are in this process, which has to post five times what the server can take. */
const tenants = ['acme', 'globex', 'initech', ...Array.from({ length: 147 }, () => 'nobody')]

test(
  `a server that is offered ${times} times what it can do refuses early, and delivers all that it accepts`,
  async ({ expect }) => {
    const scene = await aScene([healthy], { under: onOneCore })
    const publishers = new OpenLoop(scene.ledger, tenants)
    const rss = () => rssMiB(scene.server().pid)
    try {
      await publishers.saturate(scene.door(), saturatingPublishers, seconds)
      const able = await publishers.saturate(scene.door(), saturatingPublishers, seconds)
      const capacity = able.accepted / able.seconds
      const first = await publishers.pace(scene.door(), capacity * times, seconds)
      const before = rss()
      const rest = await publishers.pace(scene.door(), capacity * times, seconds)
      const grown = rss() - before
      await drain(scene)

      const p99 = percentile(rest.ms, 0.99)
      const { lost, acked, unexpected, wrong, forged } = scene.ledger.findings()
      const missing = await missingFromApi(scene)
      const isKept = lost + missing.events.length + missing.deliveries.length === 0
      const isOk = isKept && rest.refused > 0 && p99 <= p99GoalMs && grown <= growthGoalMiB
      const perSecond = (count: number) => Math.round(count / rest.seconds)
      row(
        'R43',
        isOk,
        `lost ${lost} of ${acked}; of ${perSecond(rest.offered)} events/s offered (${(rest.offered / rest.seconds / capacity).toFixed(1)} times the capacity) ${perSecond(rest.accepted)} accepted, ${perSecond(rest.refused)} refused; p99 of the accepted ${Math.round(p99)} ms goal ${p99GoalMs}; memory ${Math.round(before)} MiB and ${Math.round(grown)} more goal ${growthGoalMiB}`,
      )
      expect([...able.surprises, ...first.surprises, ...rest.surprises]).toEqual([])
      expect(rest.refused).toBeGreaterThan(0)
      expect({ lost, unexpected, wrong, forged }).toEqual({ lost: 0, unexpected: 0, wrong: 0, forged: 0 })
      expect(missing).toEqual({ events: [], deliveries: [] })
      expect(storedIn(scene.storePath)).toBe(acked)
    } finally {
      publishers.close()
      await scene.close()
    }
  },
  120_000 + seconds * 20_000,
)

function percentile(figures: readonly number[], share: number): number {
  const sorted = figures.toSorted((one, other) => one - other)
  return sorted[Math.ceil(sorted.length * share) - 1] ?? 0
}

function rssMiB(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) / 1024
}

/** What was refused must not be there either. */
function storedIn(path: string): number {
  const db = new DatabaseSync(path, { readOnly: true })
  const { count } = db.prepare('select count(*) as count from events').get() as { count: number }
  db.close()
  return count
}
