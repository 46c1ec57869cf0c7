// Preloaded before every server: whatever listens on a port listens on 127.0.0.1 alone.
const net = require('net')

const listen = net.Server.prototype.listen
const isPort = (value) => typeof value === 'number' || (typeof value === 'string' && /^\d+$/.test(value))

net.Server.prototype.listen = function (...given) {
  const [first, second] = given
  if (isPort(first)) {
    if (typeof second === 'string') given[1] = '127.0.0.1'
    else given.splice(1, 0, '127.0.0.1')
  } else if (first && typeof first === 'object' && first.port !== undefined && !first.path) {
    given[0] = { ...first, host: '127.0.0.1' }
  } else if (given.length === 0 || typeof first === 'function') {
    given.unshift(0, '127.0.0.1')
  }
  return listen.apply(this, given)
}
