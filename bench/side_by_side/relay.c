/* The floor: moves bytes between clients and one upstream and looks at none of them. What this costs the kernel's sockets cost;
 * nothing that works in user space over epoll can be far beneath it. One thread. usage: relay PORT UPSTREAM-PORT */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { EVENTS = 512, BUFFER = 256 * 1024, BACKLOG = 4096 };

/* One direction: what was read here and not yet written there. Allocated only while the other side takes no more. */
struct side {
  int fd;
  struct side *other;
  char *held;
  size_t length, offset;
  uint32_t events;
};

static int poller;
static char buffer[BUFFER];
static struct side *closed[2 * EVENTS];
static int closed_count;

static void die(const char *what) {
  perror(what);
  exit(1);
}

static void watch(struct side *side, uint32_t events, int operation) {
  struct epoll_event event = {.events = events, .data.ptr = side};
  side->events = events;
  if (epoll_ctl(poller, operation, side->fd, &event))
    die("epoll_ctl");
}

static void listen_to(struct side *side, uint32_t add, uint32_t remove) {
  uint32_t events = (side->events | add) & ~remove;
  if (events != side->events)
    watch(side, events, EPOLL_CTL_MOD);
}

static struct sockaddr_in loopback(int port) {
  return (struct sockaddr_in){
      .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static struct side *new_side(int fd) {
  struct side *side = calloc(1, sizeof *side);
  int on = 1;
  if (!side)
    die("calloc");
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  side->fd = fd;
  return side;
}

/* Freed once this round of events is over: one of them may still point here. */
static void close_both(struct side *side) {
  struct side *both[] = {side, side->other};
  for (int i = 0; i < 2; i++) {
    close(both[i]->fd);
    both[i]->fd = -1;
    closed[closed_count++] = both[i];
  }
}

static void accept_all(int listening, int upstream_port) {
  int fd;
  while ((fd = accept4(listening, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
    struct sockaddr_in address = loopback(upstream_port);
    int up = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (up < 0 || (connect(up, (void *)&address, sizeof address) && errno != EINPROGRESS)) {
      close(up);
      close(fd);
      continue;
    }
    struct side *client = new_side(fd), *server = new_side(up);
    client->other = server;
    server->other = client;
    watch(client, EPOLLIN, EPOLL_CTL_ADD);
    watch(server, EPOLLIN, EPOLL_CTL_ADD);
  }
}

/* Keeps what the other side did not take, and reads no more until it has. */
static void hold(struct side *side, const char *rest, size_t length) {
  side->held = malloc(length);
  if (!side->held)
    die("malloc");
  memcpy(side->held, rest, length);
  side->length = length;
  side->offset = 0;
  listen_to(side, 0, EPOLLIN);
  listen_to(side->other, EPOLLOUT, 0);
}

static void on_readable(struct side *side) {
  ssize_t count = recv(side->fd, buffer, sizeof buffer, 0);
  if (count < 0 && errno == EAGAIN)
    return;
  if (count <= 0) {
    close_both(side);
    return;
  }
  ssize_t sent = send(side->other->fd, buffer, count, MSG_NOSIGNAL);
  if (sent < 0 && errno != EAGAIN) {
    close_both(side);
  } else if (sent < count) {
    sent = sent < 0 ? 0 : sent;
    hold(side, buffer + sent, count - sent);
  }
}

/* This side takes bytes again: those held by the other go first. */
static void on_writable(struct side *side) {
  struct side *from = side->other;
  ssize_t sent = send(side->fd, from->held + from->offset, from->length - from->offset, MSG_NOSIGNAL);
  if (sent < 0) {
    if (errno != EAGAIN)
      close_both(side);
    return;
  }
  from->offset += sent;
  if (from->offset == from->length) {
    free(from->held);
    from->held = NULL;
    listen_to(side, 0, EPOLLOUT);
    listen_to(from, EPOLLIN, 0);
  }
}

static int listen_on(int port) {
  struct sockaddr_in address = loopback(port);
  int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(fd, (void *)&address, sizeof address) || listen(fd, BACKLOG))
    die("listen");
  return fd;
}

int main(int count, char **arguments) {
  if (count != 3) {
    fprintf(stderr, "usage: relay PORT UPSTREAM-PORT\n");
    return 2;
  }
  struct side listening = {.fd = listen_on(atoi(arguments[1]))};
  struct epoll_event events[EVENTS];
  poller = epoll_create1(0);
  watch(&listening, EPOLLIN, EPOLL_CTL_ADD);
  for (;;) {
    int ready = epoll_wait(poller, events, EVENTS, -1);
    for (int i = 0; i < ready; i++) {
      struct side *side = events[i].data.ptr;
      if (side == &listening)
        accept_all(listening.fd, atoi(arguments[2]));
      else if (side->fd >= 0 && side->other->held && (events[i].events & EPOLLOUT))
        on_writable(side);
      if (side != &listening && side->fd >= 0 && (events[i].events & ~EPOLLOUT) && !side->held)
        on_readable(side);
    }
    while (closed_count > 0) {
      free(closed[--closed_count]->held);
      free(closed[closed_count]);
    }
  }
}
