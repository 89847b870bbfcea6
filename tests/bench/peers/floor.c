/* The floor: what sending costs when nothing else is done. One thread, epoll; what a client says is framed once and
   written to every socket. A ballot is not sent on but acknowledged, which shows what the load generator can do alone.

   floor PORT [DROP [TWICE]]: every DROP-th delivery is left out and every TWICE-th made twice (0: none), to see whether
   the generator notices. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#define MOST 65536
struct client { int fd, open; size_t have; char *in; };

static struct client clients[MOST];
static int fds[MOST], sockets, epoll;
static long drop, twice, sent, seq;
static unsigned char room[1 << 17], frame[1 << 17];

static uint32_t turned(uint32_t x, int n) { return x << n | x >> (32 - n); }

/* SHA-1 of at most 119 bytes, for the handshake. */
static void sha1(const char *text, size_t len, unsigned char out[20]) {
    unsigned char block[128] = {0};
    uint32_t h[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0}, w[80];
    size_t blocks = len < 56 ? 1 : 2;
    memcpy(block, text, len), block[len] = 0x80;
    for (int i = 0; i < 4; i++) block[64 * blocks - 1 - i] = (len * 8) >> (8 * i);
    for (size_t b = 0; b < blocks; b++) {
        for (int i = 0; i < 16; i++) w[i] = ntohl(*(uint32_t *)(block + 64 * b + 4 * i));
        for (int i = 16; i < 80; i++) w[i] = turned(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
        uint32_t a = h[0], bb = h[1], c = h[2], d = h[3], e = h[4];
        for (int i = 0; i < 80; i++) {
            uint32_t f = i < 20 ? (bb & c) | (~bb & d) : i < 40 ? bb ^ c ^ d : i < 60 ? (bb & c) | (bb & d) | (c & d) : bb ^ c ^ d;
            uint32_t k = i < 20 ? 0x5A827999 : i < 40 ? 0x6ED9EBA1 : i < 60 ? 0x8F1BBCDC : 0xCA62C1D6;
            uint32_t t = turned(a, 5) + f + e + k + w[i];
            e = d, d = c, c = turned(bb, 30), bb = a, a = t;
        }
        h[0] += a, h[1] += bb, h[2] += c, h[3] += d, h[4] += e;
    }
    for (int i = 0; i < 20; i++) out[i] = h[i / 4] >> (24 - 8 * (i % 4));
}

static void base64(const unsigned char in[20], char out[29]) {
    static const char *letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned char padded[21] = {0};
    memcpy(padded, in, 20);
    for (int i = 0; i < 7; i++) {
        uint32_t n = padded[3 * i] << 16 | padded[3 * i + 1] << 8 | padded[3 * i + 2];
        for (int j = 0; j < 4; j++) out[4 * i + j] = letters[n >> (18 - 6 * j) & 63];
    }
    out[27] = '=', out[28] = 0;
}

static void gone(struct client *c) {
    for (int i = 0; i < sockets; i++)
        if (fds[i] == c->fd) { fds[i] = fds[--sockets]; break; }
    close(c->fd), free(c->in);
    memset(c, 0, sizeof *c);
}

/* A frame goes out whole or not at all: the floor keeps no buffers, and says so if it should have. */
static void write_frame(int fd, const void *bytes, size_t len) {
    ssize_t n = send(fd, bytes, len, MSG_NOSIGNAL);
    if (n != (ssize_t)len) fprintf(stderr, "floor: wrote %zd of %zu\n", n, len);
}

static size_t framed(const char *text, size_t len) {
    size_t head = 2;
    frame[0] = 0x81;
    if (len < 126) frame[1] = len;
    else frame[1] = 126, frame[2] = len >> 8, frame[3] = len, head = 4;
    memcpy(frame + head, text, len);
    return head + len;
}

static void answer(struct client *c, const char *text, size_t len) {
    char ack[160], *id = memmem(text, len, "\"id\":\"b", 7);
    if (id) {
        int n = sprintf(ack, "{\"ack\":\"%.*s\",\"seq\":%ld}", (int)strcspn(id + 6, "\""), id + 6, ++seq);
        write_frame(c->fd, frame, framed(ack, n));
        return;
    }
    size_t all = framed(text, len);
    for (int i = 0; i < sockets; i++) {
        sent++;
        if (!drop || sent % drop) write_frame(fds[i], frame, all);
        if (twice && sent % twice == 0) write_frame(fds[i], frame, all);
    }
}

static size_t taken(struct client *c, unsigned char *at, size_t have) {
    size_t done = 0;
    while (have - done >= 6) {
        unsigned char *f = at + done;
        size_t len = f[1] & 127, head = 6;
        if (len == 126) len = f[2] << 8 | f[3], head = 8;
        if (have - done < head + len) break;
        for (size_t i = 0; i < len; i++) f[head + i] ^= f[head - 4 + (i & 3)];
        done += head + len;
        if ((f[0] & 15) == 8) { gone(c); return done; }
        if ((f[0] & 15) == 1) answer(c, (char *)f + head, len);
    }
    return done;
}

static size_t shaken(struct client *c, size_t have) {
    char *end = memmem(room, have, "\r\n\r\n", 4), *key = memmem(room, have, "Sec-WebSocket-Key: ", 19), text[256];
    unsigned char digest[20];
    char proof[29];
    if (!end || !key) return 0;
    int n = sprintf(text, "%.24s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key + 19);
    sha1(text, n, digest), base64(digest, proof);
    n = sprintf(text, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n", proof);
    write_frame(c->fd, text, n);
    c->open = 1, fds[sockets++] = c->fd;
    return end + 4 - (char *)room;
}

static void hear(struct client *c) {
    memcpy(room, c->in, c->have);
    ssize_t n = recv(c->fd, room + c->have, sizeof room - c->have, 0);
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0) { gone(c); return; }
    size_t have = c->have + n, done = c->open ? 0 : shaken(c, have);
    if (c->open) done += taken(c, room + done, have - done);
    if (!c->fd) return;
    c->have = have - done;
    c->in = realloc(c->in, c->have + 1);
    memcpy(c->in, room + done, c->have);
}

int main(int argc, char **argv) {
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files), files.rlim_cur = files.rlim_max, setrlimit(RLIMIT_NOFILE, &files);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int door = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
    drop = argc > 2 ? atol(argv[2]) : 0, twice = argc > 3 ? atol(argv[3]) : 0;
    setsockopt(door, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(door, (struct sockaddr *)&at, sizeof at) || listen(door, 4096)) { perror("floor"); return 1; }
    epoll = epoll_create1(0);
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = 0}, events[1024];
    epoll_ctl(epoll, EPOLL_CTL_ADD, door, &e);
    for (;;) {
        int n = epoll_wait(epoll, events, 1024, -1);
        for (int i = 0; i < n; i++) {
            if (events[i].data.ptr) { hear(events[i].data.ptr); continue; }
            int fd = accept4(door, 0, 0, SOCK_NONBLOCK);
            if (fd < 0 || fd >= MOST) continue;
            setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
            clients[fd] = (struct client){.fd = fd};
            e.data.ptr = &clients[fd];
            epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &e);
        }
    }
}
