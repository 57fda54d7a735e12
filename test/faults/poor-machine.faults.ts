import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { basename, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { healthy } from '../process/ledger/hook.ts'
import { row } from '../process/ledger/rows.ts'
import { aScene, drain, missingFromApi, type Scene } from '../process/ledger/scene.ts'
import { Disk } from './disk.ts'
import { tampered } from './strace.ts'

const connections = 4
const loadMs = 1_500
const refusalsWanted = 20
const lookMs = 20
const nothingWrong = { lost: 0, unexpected: 0, wrong: 0, renamed: 0, forged: 0 }

describe('a server that has too little of something refuses at worst, and loses nothing', () => {
  test('it may open 128 files from now on, and somebody holds 200 connections to it', async ({ onTestFinished }) => {
    const scene = await aScene([healthy, { ...healthy, wait: 50 }])
    onTestFinished(() => scene.close())
    // Not from the beginning: Node itself opens more while it loads what a server is made of.
    execFileSync('prlimit', ['--pid', String(scene.server().pid), '--nofile=128'])
    const holders = await Promise.all(Array.from({ length: 200 }, () => held(scene.door().url)))
    await loadFor(scene, loadMs)
    for (const holder of holders) holder.destroy()
    scene.load.surprises.splice(0)
    await scene.load.publish(scene.door(), 5)

    await judge(scene, '128 files, 200 connections held')
  }, 60_000)

  test('each sync takes 300 ms', async ({ onTestFinished }) => {
    const under = tampered({ call: 'fsync', how: 'delay_exit=300000' })
    const scene = await aScene([healthy, { ...healthy, fails: 20 }], { under })
    onTestFinished(() => scene.close())
    await loadFor(scene, loadMs * 2)

    await judge(scene, 'each sync takes 300 ms')
  }, 60_000)

  test('the quota of its user is used up: what is refused was not kept, and the next start goes on', async ({
    onTestFinished,
  }) => {
    const scene = await aScene([healthy], { under: tampered({ call: 'pwrite64', how: 'error=EDQUOT:when=1500+' }) })
    onTestFinished(() => scene.close())
    const refused = await loadUntilRefused(scene)
    await isReadable(scene)
    await scene.server().kill()
    await scene.restart({})

    expect(refused.filter((answer) => !answer.startsWith('503 '))).toEqual([])
    await judge(scene, 'quota used up, then a restart with room')
  }, 60_000)

  test('its file system becomes read-only: it can be read, and the next start on a healthy one goes on', async () => {
    const disk = new Disk('ext4')
    const scene = await aScene([healthy], { data: join(disk.place, 'data') })
    try {
      await loadFor(scene, loadMs)
      makeReadOnly(disk)
      const refused = await loadUntilRefused(scene)
      await isReadable(scene)
      const { code } = await scene.server().stop()
      await disk.repair()
      await scene.restart()

      expect(refused.filter((answer) => !answer.startsWith('503 '))).toEqual([])
      expect(code).toBe(0)
      await judge(scene, 'file system read-only, then a restart on a repaired one')
    } finally {
      await scene.close()
      await disk.remove()
    }
  }, 60_000)
})

/** What the kernel itself does when ext4 finds an error: the file system is read-only until it is checked. */
function makeReadOnly({ place }: Disk): void {
  const device = execFileSync('findmnt', ['-n', '-o', 'SOURCE', place], { encoding: 'utf8' }).trim()
  execFileSync('mount', ['-o', 'remount,errors=remount-ro', place])
  writeFileSync(`/sys/fs/ext4/${basename(device)}/trigger_fs_error`, 'a fault of the test')
}

async function held(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port) })
  // Refused or broken off: what it is here for is to be in the way.
  socket.on('error', () => {})
  await Promise.race([new Promise((resolve) => socket.once('connect', resolve)), setTimeout(1_000)])
  return socket
}

async function loadFor(scene: Scene, ms: number): Promise<void> {
  const stopped = new AbortController()
  const posting = scene.load.run(scene.door(), connections, stopped.signal)
  await setTimeout(ms)
  stopped.abort()
  await posting
}

async function loadUntilRefused(scene: Scene): Promise<string[]> {
  const stopped = new AbortController()
  const posting = scene.load.run(scene.door(), connections, stopped.signal)
  while (scene.load.surprises.length < refusalsWanted) await setTimeout(lookMs)
  stopped.abort()
  await posting
  return scene.load.surprises.splice(0)
}

async function isReadable(scene: Scene): Promise<void> {
  const { url, key } = scene.door()
  const read = await fetch(`${url}/api/v1/events?limit=1`, { headers: { authorization: key } })
  expect(read.status).toBe(200)
}

async function judge(scene: Scene, name: string): Promise<void> {
  await drain(scene)
  const { acked, repeated, ...wrongs } = scene.ledger.findings()
  const missing = await missingFromApi(scene)
  row('R09b', wrongs.lost + missing.events.length === 0, `${name}: lost ${wrongs.lost} of ${acked}`)
  expect(wrongs).toEqual(nothingWrong)
  expect(missing).toEqual({ events: [], deliveries: [] })
  expect(scene.load.surprises).toEqual([])
  expect(acked).toBeGreaterThan(5)
}
