// A personal data server and the directory of identities, without any AppView. Ports: PLC_PORT, PDS_PORT.
import { TestNetworkNoAppView } from '@atproto/dev-env'

const network = await TestNetworkNoAppView.create({
  plc: { port: Number(process.env.PLC_PORT) },
  pds: {
    port: Number(process.env.PDS_PORT),
    hostname: 'localhost',
    bskyAppViewUrl: undefined,
    bskyAppViewDid: undefined,
    bskyAppViewCdnUrlPattern: undefined,
  },
})
console.log('READY')
process.on('SIGTERM', async () => {
  await network.close()
  process.exit(0)
})
