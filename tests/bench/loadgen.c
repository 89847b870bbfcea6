/* The load: thousands of WebSocket clients ("phones") in one thread, told what to do by lines on stdin and answering
   with one line of JSON each. It speaks RFC 6455 by itself: handshake with cookie and Origin, masked text frames,
   pongs; it reads every byte that comes and counts it. It offers permessage-deflate (RFC 7692) as browsers do, and where
   a server agrees to it without context takeover it deflates each text that it says. Only ever to 127.0.0.1.

   phones FILE                      a phone a line, columns split by tabs: port, path, cookie, first frame, ballot, seq.
                                    "@" in the first frame becomes the last seq seen, in a ballot what browsers give a
                                    command as its id, with the ballot's number in it
   connect AT_ONCE MS               open them all, AT_ONCE handshakes under way at a time
   quiet MS MOST_MS                 wait until nothing has come for MS
   push FROM MARKER ID MS FRAME     one phone says FRAME; how many phones hear of MARKER, and when; ID (or -): what is acked
   burst VOTERS TURNS MS            the first VOTERS each cast a ballot, and the next when the last is answered, TURNS times;
                                    none is begun after MS
   flow VOTERS RATE SECONDS         ballots at a steady rate whether answered or not; latency from when each was due
   deaf 0|1                         forget (1) what seq has been seen: what is said now was lost on the way
   comeback SEQ MARGIN_MS MS        wait until all have been cut off, come back, resume, and have seen SEQ
   answers FILE                     every answered ballot so far: phone, id, seq
   quit

   Latencies are milliseconds; busy is this process's own share of a core while it worked. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

enum state { OFF, OPENING, SHAKING, LIVE, WAITING };

struct phone {
    enum state state;
    int fd, port;
    char *path, *cookie, *first, *ballot;
    long seq;              /* the last seq it has seen in a frame of HTML */
    long come;             /* bytes that have come since the counters were cleared */
    double retry_at, live_at, caught_at, reached_at;
    unsigned turns;
    int cut;               /* whether it was cut off since comeback was said */
    int deflates;          /* whether the server has agreed to it */
    char *in, *out;        /* what has come or is to go in part */
    size_t in_len, in_max, out_len, out_max;
};

static struct phone *phones;
static int count, live, opening, epoll, resuming;
static char room[1 << 20], line[1 << 20];

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static double worked(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static void *grown(void *was, size_t bytes) {
    void *is = realloc(was, bytes);
    if (!is) { perror("loadgen"); exit(1); }
    return is;
}

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* ---- what is counted */

static struct { long frames, bytes, beats, acks, refusals, reloads, lost, failed, reached, twice, strays, late; } tally;
static double clock0, work0, heard_at, last_heard, first_ack, last_ack, gap, ack_of_push;
static char marker[128], push_id[128];
static int marking, deaf, speaker;
static long target_seq, caught;

enum { TIME_DIGITS = 11, NUMBER_DIGITS = 9, CHANCE_DIGITS = 11 };
struct ballot { double due; int phone; long seq; char id[2 + TIME_DIGITS + NUMBER_DIGITS + CHANCE_DIGITS]; };
static struct ballot *ballots;
static long cast, cast_max, base;      /* numbers go on through the whole life of the process; base: first of this run */
static unsigned turns_wanted;
static double vote_until;

static void begin(void) {
    memset(&tally, 0, sizeof tally);
    clock0 = last_heard = now(), work0 = worked();
    gap = 0, last_ack = 0, first_ack = 0, base = cast;
    for (int i = 0; i < count; i++) phones[i].come = 0;
}

static double busy(void) {
    double wall = now() - clock0;
    return wall > 0 ? (worked() - work0) / wall : 0;
}

static void spread(const char *name, double *values, long n) {
    double sum = 0;
    qsort(values, n, sizeof *values, by_size);
    for (long i = 0; i < n; i++) sum += values[i];
    if (n) printf("\"%s\":{\"n\":%ld,\"mean\":%.3f,\"p50\":%.3f,\"p99\":%.3f,\"max\":%.3f},", name, n, sum / n,
                  values[n / 2], values[(long)(n * 0.99)], values[n - 1]);
    else printf("\"%s\":{\"n\":0,\"mean\":0,\"p50\":0,\"p99\":0,\"max\":0},", name);
}

static void told(void) {
    printf("\"frames\":%ld,\"bytes\":%ld,\"beats\":%ld,\"refused\":%ld,\"reloads\":%ld,\"lost\":%ld,\"failed\":%ld,"
           "\"live\":%d,\"busy\":%.3f,\"seconds\":%.6f}\n", tally.frames, tally.bytes, tally.beats, tally.refusals,
           tally.reloads, tally.lost, tally.failed, live, busy(), (now() - clock0) / 1e3);
    fflush(stdout);
}

/* ---- a socket */

static void watch(struct phone *p, int op, uint32_t events) {
    struct epoll_event e = {.events = events, .data.ptr = p};
    epoll_ctl(epoll, op, p->fd, &e);
}

static void hang_up(struct phone *p) {
    if (p->state == OFF || p->state == WAITING) return;
    if (p->state == LIVE) live--, tally.lost++;
    else opening--, tally.failed++;
    close(p->fd);
    p->in_len = p->out_len = 0, p->cut = 1;
    p->state = resuming ? WAITING : OFF;
    p->retry_at = now() + 100 + rand() % 400;   /* as spread out as browsers are */
}

static void drain(struct phone *p) {
    while (p->out_len) {
        ssize_t n = send(p->fd, p->out, p->out_len, MSG_NOSIGNAL);
        if (n < 0 && errno == EAGAIN) return;
        if (n <= 0) { hang_up(p); return; }
        memmove(p->out, p->out + n, p->out_len -= n);
    }
    watch(p, EPOLL_CTL_MOD, EPOLLIN);
}

static void put(struct phone *p, const void *bytes, size_t len) {
    ssize_t n = p->out_len ? 0 : send(p->fd, bytes, len, MSG_NOSIGNAL);
    if (n < 0 && errno != EAGAIN) { hang_up(p); return; }
    if (n < 0) n = 0;
    if ((size_t)n == len) return;
    if (p->out_len + len > p->out_max) p->out = grown(p->out, p->out_max = 2 * (p->out_len + len));
    memcpy(p->out + p->out_len, (const char *)bytes + n, len - n);
    p->out_len += len - n;
    watch(p, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
}

/* ---- deflated messages, each by itself */

enum { DEFLATED = 0x40, QUICK = 1, TAIL = 4 };

/* The payload of a text's message; how long it is. Quickly: the generator must not be what is measured. */
static size_t deflated(unsigned char *to, size_t room_there, const char *text, size_t len) {
    static z_stream z;
    static int ready;
    if (!ready++ && deflateInit2(&z, QUICK, Z_DEFLATED, -MAX_WBITS, MAX_MEM_LEVEL - 1, Z_DEFAULT_STRATEGY) != Z_OK) exit(1);
    deflateReset(&z);
    z.next_in = (unsigned char *)text, z.avail_in = len, z.next_out = to, z.avail_out = room_there;
    deflate(&z, Z_SYNC_FLUSH);
    return room_there - z.avail_out - TAIL;
}

/* What was inflated of late: the same frame comes to thousands, and is inflated for the first of them. */
enum { KEPT = 64, KEPT_BYTES = 1 << 16 };
static struct kept { size_t len, text_len; unsigned char payload[KEPT_BYTES]; char text[1 << 20]; } kept[KEPT];

static struct kept *inflated(const unsigned char *payload, size_t len) {
    static z_stream z;
    static int ready;
    if (len < 2 || len > KEPT_BYTES) { fprintf(stderr, "loadgen: a deflated frame of %zu bytes\n", len); exit(1); }
    struct kept *k = &kept[(len + payload[len / 2] * 7 + payload[len - 2]) % KEPT];
    if (k->len == len && !memcmp(k->payload, payload, len)) return k;
    if (!ready++ && inflateInit2(&z, -MAX_WBITS) != Z_OK) exit(1);
    inflateReset(&z);
    z.next_in = (unsigned char *)payload, z.avail_in = len;
    z.next_out = (unsigned char *)k->text, z.avail_out = sizeof k->text - 1;
    int is = inflate(&z, Z_SYNC_FLUSH);
    if ((is != Z_OK && is != Z_BUF_ERROR && is != Z_STREAM_END) || !z.avail_out) {
        fprintf(stderr, "loadgen: a frame that does not inflate\n");
        exit(1);
    }
    memcpy(k->payload, payload, k->len = len);
    k->text_len = sizeof k->text - 1 - z.avail_out;
    return k;
}

static void say(struct phone *p, int opcode, const char *text, size_t len) {
    static unsigned char frame[sizeof line + 16];
    static unsigned char squeezed[sizeof line + 1024];
    size_t head = 2;
    uint32_t mask = (uint32_t)rand() * 2654435761u | 1;
    frame[0] = 0x80 | opcode;
    if (opcode == 1 && p->deflates) {
        frame[0] |= DEFLATED;
        len = deflated(squeezed, sizeof squeezed, text, len), text = (char *)squeezed;
    }
    if (len < 126) frame[1] = 0x80 | len;
    else if (len < 65536) frame[1] = 0x80 | 126, frame[2] = len >> 8, frame[3] = len, head = 4;
    else { hang_up(p); return; }
    memcpy(frame + head, &mask, 4), head += 4;
    for (size_t i = 0; i < len; i++) frame[head + i] = text[i] ^ ((unsigned char *)&mask)[i & 3];
    put(p, frame, head + len);
}

/* The text with its "@" replaced by a number. */
static size_t filled(char *to, const char *text, long number) {
    const char *at = strchr(text, '@');
    if (!at) return strlen(strcpy(to, text));
    return sprintf(to, "%.*s%ld%s", (int)(at - text), text, number, at + 1);
}

/* An id as long as a browser's, and beginning with the time as theirs do: "b", milliseconds, the ballot's number, chance. */
static void name_ballot(long number) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    sprintf(ballots[number].id, "b%0*llx%0*ld%0*x", TIME_DIGITS, t.tv_sec * 1000LL + t.tv_nsec / 1000000,
            NUMBER_DIGITS, number, CHANCE_DIGITS, (unsigned)rand());
}

static size_t with_id(char *to, const char *text, const char *id) {
    const char *at = strchr(text, '@');
    return sprintf(to, "%.*s%s%s", (int)(at - text), text, id, at + 1);
}

static long number_in(const char *id) {
    char digits[NUMBER_DIGITS + 1] = "";
    return strtol(strncpy(digits, id + TIME_DIGITS, NUMBER_DIGITS), 0, 10);
}

static void vote(struct phone *p, double due) {
    static char text[65536];
    if (cast == cast_max) ballots = grown(ballots, (cast_max = 2 * cast_max + 65536) * sizeof *ballots);
    ballots[cast] = (struct ballot){due, p - phones, 0, ""};
    name_ballot(cast);
    p->turns++;
    say(p, 1, text, with_id(text, p->ballot, ballots[cast++].id));
}

/* ---- what is heard */

static double *waits;
static long waited, waits_max;

static void answered(struct phone *p, const char *text, int yes) {
    const char *id = strchr(text + 6, ':') + 3, *seq = yes ? strstr(text, "\"seq\":") : 0;
    long number = number_in(id);
    if (number >= cast || ballots[number].phone != p - phones || ballots[number].seq) { tally.strays++; return; }
    ballots[number].seq = yes ? (seq ? strtol(seq + 6, 0, 10) : -1) : -2;
    if (number < base) { tally.late++; return; }
    if (yes) tally.acks++; else tally.refusals++;
    if (!first_ack) first_ack = heard_at;
    if (last_ack && heard_at - last_ack > gap) gap = heard_at - last_ack;
    last_ack = heard_at;
    if (waited == waits_max) waits = grown(waits, (waits_max = 2 * waits_max + 65536) * sizeof *waits);
    waits[waited++] = heard_at - ballots[number].due;
    if (p->turns < turns_wanted && heard_at < vote_until) vote(p, heard_at);
}

static void heard_json(struct phone *p, const char *text, size_t len) {
    if (!strncmp(text, "{\"ack\":\"b", 9)) answered(p, text, 1);
    else if (!strncmp(text, "{\"refused\":\"b", 13)) answered(p, text, 0);
    else if (!strncmp(text, "{\"beat\"", 7)) tally.beats++;
    else if (!strncmp(text, "{\"reload\"", 9)) tally.reloads++;
    else if (!strncmp(text, "{\"refused\"", 10)) tally.refusals++, fprintf(stderr, "refused: %.*s\n", (int)len, text);
    else if (push_id[0] && !strncmp(text, "{\"ack\":\"", 8) && !strncmp(text + 8, push_id, strlen(push_id)) && !ack_of_push)
        ack_of_push = heard_at;
}

static void heard_html(struct phone *p, const char *text, size_t len) {
    char head[161];
    size_t n = len < 160 ? len : 160;
    memcpy(head, text, n), head[n] = 0;
    char *seq = strstr(head, "seq:");
    if (!seq || deaf) return;
    long is = strtol(seq + 4, 0, 10);
    if (is > p->seq) p->seq = is;
    if (target_seq && is >= target_seq && !p->caught_at && p->cut) p->caught_at = heard_at, caught++;
}

static void heard(struct phone *p, char *text, size_t len) {
    char after = text[len];
    text[len] = 0;
    tally.frames++, last_heard = heard_at;
    if (marking && memmem(text, len, marker, marking)) {
        if (p->reached_at && p != &phones[speaker]) tally.twice++;   /* its own card also stands among its own */
        if (!p->reached_at) p->reached_at = heard_at, tally.reached++;
    }
    if (text[0] == '{') heard_json(p, text, len);
    else if (text[0] == '<') heard_html(p, text, len);
    else if (len == 1 && text[0] == '2') say(p, 1, "3", 1);     /* socket.io's own ping */
    text[len] = after;
}

/* Whole frames at the start of what has come; the bytes they took. */
static size_t frames_in(struct phone *p, char *at, size_t have) {
    size_t taken = 0;
    while (p->state == LIVE && have - taken >= 2) {
        unsigned char *f = (unsigned char *)at + taken;
        size_t head = 2, len = f[1] & 127;
        if (len == 126) {
            if (have - taken < 4) break;
            len = f[2] << 8 | f[3], head = 4;
        } else if (len == 127) {
            if (have - taken < 10) break;
            for (len = 0, head = 2; head < 10; head++) len = len << 8 | f[head];
        }
        if (have - taken < head + len) break;
        taken += head + len;
        switch (f[0] & 15) {
            case 0: case 1: case 2:
                if (f[0] & DEFLATED) {
                    struct kept *k = inflated(f + head, len);
                    heard(p, k->text, k->text_len);
                } else heard(p, (char *)f + head, len);
                break;
            case 8: hang_up(p); break;
            case 9: say(p, 10, (char *)f + head, len); break;
        }
    }
    return taken;
}

static void shaken(struct phone *p, const char *answer, size_t len) {
    static char text[65536];
    p->deflates = memmem(answer, len, "client_no_context_takeover", 26) && memmem(answer, len, "server_no_context_takeover", 26);
    p->state = LIVE, opening--, live++, p->live_at = heard_at;
    if (p->first[0]) say(p, 1, text, filled(text, p->first, p->seq));
}

static void came(struct phone *p, size_t have) {
    size_t taken = 0;
    if (p->state == SHAKING) {
        char *end = memmem(room, have, "\r\n\r\n", 4);
        if (end && memcmp(room, "HTTP/1.1 101", 12)) { hang_up(p); return; }
        if (end) shaken(p, room, end - room), taken = end + 4 - room;
    }
    if (p->state == LIVE) taken += frames_in(p, room + taken, have - taken);
    if (p->state != LIVE && p->state != SHAKING) return;
    if ((p->in_len = have - taken) == 0) { free(p->in); p->in = 0, p->in_max = 0; return; }
    if (p->in_len > p->in_max) p->in = grown(p->in, p->in_max = p->in_len);
    memcpy(p->in, room + taken, p->in_len);
}

static void hear(struct phone *p) {
    memcpy(room, p->in, p->in_len);
    ssize_t n = recv(p->fd, room + p->in_len, sizeof room - 1 - p->in_len, 0);
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0) { hang_up(p); return; }
    heard_at = now();
    tally.bytes += n, p->come += n;
    came(p, p->in_len + n);
}

static void dial(struct phone *p) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(p->port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int yes = 1;
    p->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (p->fd < 0) { perror("loadgen: socket"); exit(1); }
    setsockopt(p->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    p->state = OPENING, opening++;
    watch(p, EPOLL_CTL_ADD, EPOLLIN | EPOLLOUT);
    if (connect(p->fd, (struct sockaddr *)&to, sizeof to) && errno != EINPROGRESS) hang_up(p);
}

static void shake(struct phone *p) {
    char text[2048];
    int n = snprintf(text, sizeof text,
        "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nOrigin: http://127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n%s%s%s\r\n", p->path, p->port, p->port,
        p->cookie[0] ? "Cookie: " : "", p->cookie, p->cookie[0] ? "\r\n" : "");
    p->state = SHAKING;
    watch(p, EPOLL_CTL_MOD, EPOLLIN);
    put(p, text, n);
}

static void step(struct phone *p, uint32_t events) {
    if (p->state == OPENING && events & (EPOLLERR | EPOLLHUP)) hang_up(p);
    else if (p->state == OPENING && events & EPOLLOUT) shake(p);
    else {
        if (events & EPOLLOUT) drain(p);
        if (events & (EPOLLIN | EPOLLERR | EPOLLHUP) && (p->state == LIVE || p->state == SHAKING)) hear(p);
    }
}

/* One round of the loop; 1 if stdin has something to say. */
static int turn(int ms) {
    static struct epoll_event events[1024];
    int n = epoll_wait(epoll, events, 1024, ms), spoken = 0;
    for (int i = 0; i < n; i++)
        if (events[i].data.ptr) step(events[i].data.ptr, events[i].events);
        else spoken = 1;
    return spoken;
}

/* ---- what can be asked */

static char *column(char **rest) {
    char *is = strsep(rest, "\t\n");
    return strdup(is ? is : "");
}

static void read_phones(const char *name) {
    FILE *file = fopen(name, "r");
    int max = 0;
    if (!file) { perror(name); exit(1); }
    while (fgets(line, sizeof line, file)) {
        char *rest = line;
        if (count == max) phones = grown(phones, (max = 2 * max + 1024) * sizeof *phones);
        struct phone *p = memset(&phones[count++], 0, sizeof *phones);
        char *port = column(&rest);
        p->port = atoi(port), free(port);
        p->path = column(&rest), p->cookie = column(&rest), p->first = column(&rest), p->ballot = column(&rest);
        p->seq = atol(column(&rest));
    }
    fclose(file);
    begin();
    printf("{\"phones\":%d,", count);
    told();
}

static void connect_all(int at_once, double ms) {
    double end = now() + ms, *took = grown(0, (count + 1) * sizeof *took);
    int next = 0, n = 0;
    begin();
    while ((next < count || opening) && now() < end) {
        while (next < count && opening < at_once) {
            struct phone *p = &phones[next++];
            if (p->state == OFF) p->live_at = 0, dial(p);
        }
        turn(10);
    }
    for (int i = 0; i < count; i++) if (phones[i].state == LIVE) took[n++] = phones[i].live_at - clock0;
    printf("{\"connected\":%d,", n);
    spread("live", took, n);
    free(took);
    told();
}

static void quiet(double ms, double most) {
    double end = now() + most;
    begin();
    while (now() - last_heard < ms && now() < end) turn(1);
    printf("{\"quiet\":%s,", now() < end ? "true" : "false");
    told();
}

static void push(int from, double ms, const char *frame) {
    double end = now() + ms, *all = grown(0, 2 * (count + 1) * sizeof *all), *after = all + count + 1;
    long n = 0, others = 0;
    begin();
    for (int i = 0; i < count; i++) phones[i].reached_at = 0;
    ack_of_push = 0, marking = strlen(marker), speaker = from;
    double said = now();
    say(&phones[from], 1, frame, strlen(frame));
    while ((tally.reached < live || (push_id[0] && !ack_of_push)) && now() < end) turn(5);
    for (double grace = now() + 2; now() < grace;) turn(1);      /* whoever is told twice is told soon */
    for (int i = 0; i < count; i++) {
        if (!phones[i].reached_at) continue;
        all[n++] = phones[i].reached_at - said;
        if (ack_of_push && phones[i].port != phones[from].port) after[others++] = phones[i].reached_at - ack_of_push;
    }
    printf("{\"reached\":%ld,\"twice\":%ld,\"missed\":%ld,\"ack_ms\":%.3f,", tally.reached, tally.twice,
           live - tally.reached, ack_of_push ? ack_of_push - said : -1);
    spread("ms", all, n);
    spread("elsewhere_after_ack", after, others);
    free(all);
    marking = 0;
    told();
}

/* Whoever still has no answer has waited until now at least. */
static void ballots_told(double seconds) {
    double wall = (last_ack - clock0) / 1e3, t = now();
    waits = grown(waits, (waits_max = waited + cast - base + 1) * sizeof *waits);
    for (long i = base; i < cast; i++)
        if (!ballots[i].seq) waits[waited++] = t - ballots[i].due;
    if (cast - base > tally.acks + tally.refusals && t - last_ack > gap) gap = t - last_ack;
    printf("{\"cast\":%ld,\"acked\":%ld,\"unanswered\":%ld,\"strays\":%ld,\"late\":%ld,\"ack_seconds\":%.6f,\"rate\":%.1f,\"gap_ms\":%.3f,",
           cast - base, tally.acks, cast - base - tally.acks - tally.refusals, tally.strays, tally.late, wall,
           tally.acks / (seconds > 0 ? seconds : wall > 0 ? wall : 1), gap);
    spread("ms", waits, waited);
    told();
}

static void burst(int voters, unsigned turns, double ms) {
    double end = now() + ms + 60000;
    begin();
    waited = 0, turns_wanted = turns, vote_until = now() + ms;
    for (int i = 0; i < voters; i++) phones[i].turns = 0;
    for (int i = 0; i < voters; i++) {
        if (phones[i].state == LIVE) vote(&phones[i], now());
        if (i % 64 == 63) turn(0);
    }
    while (cast - base > tally.acks + tally.refusals && now() < end) turn(5);
    turns_wanted = 0;
    ballots_told(0);
}

static void flow(int voters, double rate, double seconds) {
    begin();
    waited = 0;
    double start = now(), end = start + seconds * 1e3;
    long wanted = 0, total = rate * seconds;
    while (now() < end || wanted < total) {
        double t = now();
        while (wanted < total && start + wanted * 1e3 / rate <= t) {
            struct phone *p = &phones[wanted % voters];
            if (p->state == LIVE) vote(p, start + wanted * 1e3 / rate);
            wanted++;
        }
        turn(1);
    }
    for (double late = now() + 10000; cast - base > tally.acks + tally.refusals && now() < late;) turn(5);
    ballots_told(seconds);
}

static void come_back(long seq, double margin, double ms) {
    double end = now() + ms, *lives = grown(0, 3 * (count + 1) * sizeof *lives), *caughts = lives + count + 1,
           *bytes = caughts + count + 1;
    long n = 0, m = 0;
    double first = 0;
    begin();
    resuming = 1, caught = 0, target_seq = seq;
    for (int i = 0; i < count; i++) phones[i].cut = 0, phones[i].caught_at = 0, phones[i].live_at = 0;
    while (caught + tally.reloads < count && now() < end) {
        double t = now();
        for (int i = 0; i < count && opening < 1024; i++)
            if (phones[i].state == WAITING && phones[i].retry_at <= t) dial(&phones[i]);
        turn(2);
    }
    for (double grace = now() + margin; now() < grace;) turn(1);
    resuming = 0, target_seq = 0;
    for (int i = 0; i < count; i++) {
        if (phones[i].live_at) lives[n++] = phones[i].live_at - clock0;
        if (phones[i].caught_at) bytes[m] = phones[i].come, caughts[m++] = phones[i].caught_at - clock0;
    }
    for (long i = 0; i < n; i++) if (!i || lives[i] < first) first = lives[i];
    printf("{\"caught_up\":%ld,\"first_live\":%.3f,", m, first);
    spread("live_again", lives, n);
    spread("ms", caughts, m);
    spread("bytes_each", bytes, m);
    free(lives);
    told();
}

static void write_answers(const char *name) {
    FILE *file = fopen(name, "w");
    long n = 0;
    for (long i = 0; file && i < cast; i++)
        if (ballots[i].seq > 0) fprintf(file, "%d\t%s\t%ld\n", ballots[i].phone, ballots[i].id, ballots[i].seq), n++;
    if (file) fclose(file);
    begin();
    printf("{\"answers\":%ld,", n);
    told();
}

static int obey(char *said) {
    char word[32] = "", a[512] = "", id[128] = "";
    double x = 0, y = 0, z = 0;
    int at = 0, from = 0;
    sscanf(said, "%31s", word);
    push_id[0] = 0;
    if (!strcmp(word, "phones") && sscanf(said, "%*s %511s", a) == 1) read_phones(a);
    else if (!strcmp(word, "connect") && sscanf(said, "%*s %lf %lf", &x, &y) == 2) connect_all(x, y);
    else if (!strcmp(word, "quiet") && sscanf(said, "%*s %lf %lf", &x, &y) == 2) quiet(x, y);
    else if (!strcmp(word, "push") && sscanf(said, "%*s %d %127s %127s %lf %n", &from, marker, id, &x, &at) == 4) {
        if (strcmp(id, "-")) strcpy(push_id, id);
        push(from, x, said + at);
    }
    else if (!strcmp(word, "burst") && sscanf(said, "%*s %lf %lf %lf", &x, &y, &z) == 3) burst(x, y, z);
    else if (!strcmp(word, "flow") && sscanf(said, "%*s %lf %lf %lf", &x, &y, &z) == 3) flow(x, y, z);
    else if (!strcmp(word, "deaf") && sscanf(said, "%*s %d", &deaf) == 1) { begin(); printf("{"); told(); }
    else if (!strcmp(word, "comeback") && sscanf(said, "%*s %lf %lf %lf", &x, &y, &z) == 3) come_back(x, y, z);
    else if (!strcmp(word, "answers") && sscanf(said, "%*s %511s", a) == 1) write_answers(a);
    else return 0;
    return 1;
}

/* Lines of stdin, read without stdio so that epoll knows what is left. */
static int next_line(void) {
    static size_t have;
    static char text[sizeof line];
    char *end;
    while (!(end = memchr(text, '\n', have))) {
        ssize_t n = read(0, text + have, sizeof text - have);
        if (n <= 0) return 0;
        have += n;
    }
    size_t len = end - text;
    memcpy(line, text, len), line[len] = 0;
    memmove(text, end + 1, have -= len + 1);
    return 1;
}

int main(void) {
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files), files.rlim_cur = files.rlim_max, setrlimit(RLIMIT_NOFILE, &files);
    epoll = epoll_create1(0);
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = 0};
    epoll_ctl(epoll, EPOLL_CTL_ADD, 0, &e);
    for (;;) {
        if (!turn(1000)) continue;
        if (!next_line() || !obey(line)) return 0;
    }
}
