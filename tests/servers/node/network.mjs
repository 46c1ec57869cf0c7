// The whole network: personal data server, directory, AppView with its index, moderation. Ports: PLC_PORT, PDS_PORT, BSKY_PORT,
// OZONE_PORT. DB_POSTGRES_URL and REDIS_HOST: where its databases are.
import { TestNetwork } from '@atproto/dev-env'

const port = (name) => Number(process.env[name])
const network = await TestNetwork.create({
  dbPostgresUrl: process.env.DB_POSTGRES_URL,
  dbPostgresSchema: 'test',
  plc: { port: port('PLC_PORT') },
  pds: { port: port('PDS_PORT'), hostname: 'localhost', enableDidDocWithSession: true },
  bsky: { port: port('BSKY_PORT'), publicUrl: `http://localhost:${port('BSKY_PORT')}` },
  ozone: { port: port('OZONE_PORT') },
})
console.log('READY')
setInterval(() => network.processAll().catch((error) => console.error(error)), 400)
process.on('SIGTERM', async () => {
  await network.close()
  process.exit(0)
})
