// node's ws: what one client says goes to all.
import { WebSocketServer } from 'ws';

const server = new WebSocketServer({ host: '127.0.0.1', port: Number(process.argv[2]), perMessageDeflate: false, backlog: 4096 });
server.on('connection', socket => {
  socket.on('error', () => {});
  socket.on('message', data => {
    const text = data.toString();
    for (const client of server.clients) client.send(text);
  });
});
