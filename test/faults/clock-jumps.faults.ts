import { readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Duration, days, hours, seconds } from '#src/domain/time.ts'
import { healthy, type Manners } from '../process/ledger/hook.ts'
import { row } from '../process/ledger/rows.ts'
import { aScene, drain, missingFromApi, type Scene } from '../process/ledger/scene.ts'
import { WallClock } from './wall-clock.ts'

const allJumps = [
  { name: '−2 h', by: -hours(2) },
  { name: '+10 years', by: days(3_652) },
  { name: '+1 h', by: hours(1) },
  { name: '+24 h', by: days(1) },
  { name: '−24 h', by: -days(1) },
]
const wanted = Number(process.env['FAULTS_JUMPS'] ?? 2)
const jumps = allJumps.slice(0, wanted)

/** So busy that commits carry much at the moment of the jump. */
const connections = 8
const clientsAtOnce = 16
const loadMs = 1_200
/** By then silent receivers are given up, after 15 s, and the first wait of the standard schedule (5 s ± 20 %) is over. */
const settledMs = 17_000
const quietMs = 3_000
const cpuLimitPercent = 5

// What a server signs with a false time is refused as stale by receivers that look: that is not counted here.
const nothingWrong = { lost: 0, unexpected: 0, wrong: 0, renamed: 0 }

describe.each(jumps)('when the wall clock is moved by $name while deliveries wait', ({ name, by }) => {
  test('none is lost, new ones go out, silent receivers are given up in time, and nothing spins', async () => {
    const { wall, scene } = await aSceneBy(0, [healthy, { ...healthy, fails: 50 }, { ...healthy, hangs: 100 }])

    const ackedAfter = await jumpUnderLoad(scene, () => wall.stand(by))
    await setTimeout(settledMs)
    const percent = await cpuPercent(scene)
    const silent = scene.hooks.reduce((sum, hook) => sum + hook.silent, 0)
    const { code } = await scene.server().stop()
    wall.stand(0)
    await scene.restart({ environment: wall.environment })
    await drain(scene)

    const { acked, forged, repeated, ...wrongs } = scene.ledger.findings()
    const { deliveries } = await missingFromApi(scene)
    const isOk =
      wrongs.lost === 0 && percent < cpuLimitPercent && ackedAfter > connections && silent === 0 && code === 0
    const figures = `${name}: lost ${wrongs.lost} of ${acked}, ${ackedAfter} accepted after it, ${silent} silent receivers not given up, CPU ${percent} % when quiet`
    row('R70', isOk, figures)
    expect(wrongs).toEqual(nothingWrong)
    expect(deliveries).toEqual([])
    expect(scene.load.surprises).toEqual([])
    expect(silent).toBe(0)
    expect(forged).toBeGreaterThan(0)
    expect(ackedAfter).toBeGreaterThan(connections)
    expect(percent).toBeLessThan(cpuLimitPercent)
    expect(code).toBe(0)
  }, 120_000)
})

const moments = [
  { moment: '2038-01-19T03:14:05Z', zone: 'UTC' },
  { moment: '2026-10-25T00:59:58Z', zone: 'Europe/Berlin' },
  { moment: '1970-01-02T00:00:00Z', zone: 'UTC' },
  { moment: '2100-02-28T23:59:58Z', zone: 'UTC' },
  { moment: '2027-03-28T00:59:58Z', zone: 'Europe/Berlin' },
]

test('a server lives through odd moments: 1970, the end of 32 bits, a year without a leap day, both changes of summer time', async () => {
  for (const { moment, zone } of moments.slice(0, 1 + wanted)) {
    const { wall, scene } = await aSceneBy(Date.parse(moment) - Date.now(), [healthy], { TZ: zone })
    await scene.load.publish(scene.door(), 6)
    await setTimeout(2_500)
    await scene.load.publish(scene.door(), 6)
    await drain(scene)
    await scene.server().kill()
    await scene.restart({ environment: { ...wall.environment, TZ: zone } })

    const { acked, forged, repeated, ...wrongs } = scene.ledger.findings()
    row('R71', wrongs.lost === 0 && acked > 12, `${moment} in ${zone}: lost ${wrongs.lost} of ${acked}`)
    expect(wrongs).toEqual(nothingWrong)
    expect(scene.load.surprises).toEqual([])
  }
}, 120_000)

test('what is due in 40 days is not sent at once, keeps no processor busy, and is sent when the time has come', async () => {
  const { wall, scene } = await aSceneBy(days(40), [{ ...healthy, fails: 1 }])
  await scene.load.publish(scene.door(), 3)
  await setTimeout(500)
  await scene.server().kill()
  wall.stand(0)
  await scene.restart({ environment: wall.environment })
  const heard = heardIn(scene)

  const percent = await cpuPercent(scene)
  const early = heardIn(scene) - heard
  const { errors } = await scene.server().kill()
  wall.stand(days(40) + seconds(10))
  await scene.restart({ environment: wall.environment })
  await scene.ledger.complete(AbortSignal.timeout(20_000))

  const { acked, lost } = scene.ledger.findings()
  const isOk = early === 0 && lost === 0 && percent < cpuLimitPercent
  row('R73', isOk, `early ${early}, lost ${lost} of ${acked}, CPU ${percent} %`)
  expect({ early, lost, errors }).toEqual({ early: 0, lost: 0, errors: '' })
  expect(percent).toBeLessThan(cpuLimitPercent)
}, 60_000)

async function aSceneBy(ahead: Duration, manners: readonly Manners[], more: Record<string, string> = {}) {
  const wall = new WallClock(ahead)
  const scene = await aScene(manners, { environment: { ...wall.environment, ...more } })
  onTestFinished(async () => {
    await scene.close()
    wall.remove()
  })
  return { wall, scene }
}

/** How many events were accepted after the jump. */
async function jumpUnderLoad(scene: Scene, jump: () => void): Promise<number> {
  const stopped = new AbortController()
  const working = [scene.load.run(scene.door(), connections, stopped.signal), makeClients(scene, stopped.signal)]
  await setTimeout(loadMs)
  const { acked } = scene.ledger.findings()
  jump()
  await setTimeout(loadMs)
  stopped.abort()
  // A server that stands still answers nobody.
  await Promise.race([Promise.all(working), setTimeout(loadMs)])
  return scene.ledger.findings().acked - acked
}

/** Many errands of their own, which share commits. */
async function makeClients(scene: Scene, signal: AbortSignal): Promise<void> {
  const { url, key } = scene.door()
  const headers = { authorization: key, 'content-type': 'application/json' }
  const one = () => fetch(`${url}/api/v1/clients`, { method: 'POST', headers, body: '{"name":"one of many"}' })
  while (!signal.aborted)
    await Promise.all(Array.from({ length: clientsAtOnce }, () => one().then((answer) => answer.text())))
}

const heardIn = ({ hooks }: Scene): number => hooks.reduce((sum, { heard }) => sum + heard, 0)

/** How much of a processor the server takes while nobody asks it for anything. */
async function cpuPercent(scene: Scene): Promise<number> {
  const before = cpuMs(scene.server().pid)
  await setTimeout(quietMs)
  return Math.round(((cpuMs(scene.server().pid) - before) / quietMs) * 100)
}

/** Time of all its threads, in user mode and in the kernel (proc(5)); Linux counts hundredths of a second. */
function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10
}
