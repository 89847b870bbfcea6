// socket.io over its WebSocket: what one client emits goes to all.
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const http = createServer();
const server = new Server(http, { transports: ['websocket'], perMessageDeflate: false, serveClient: false });
server.on('connection', socket => socket.on('push', text => server.emit('push', text)));
http.listen({ port: Number(process.argv[2]), host: '127.0.0.1', backlog: 4096 });
