/* serve.c - see serve.h. Only programs of this machine can connect, and only under the names of the loopback interface:
 * a page from elsewhere whose name has been pointed here would bring another Host, and is refused.
 */
#include "tools/view/serve.h"

#include "model/davsim.h"
#include "tools/fail.h"
#include "tools/paths.h"
#include "tools/view/critical.h"
#include "tools/view/detail.h"
#include "tools/view/pack.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

struct server {
    const struct view *view;
    unsigned char *pack;
    size_t pack_size;
    char *page_path;
    uint16_t port;
};

static struct MHD_Response *file_response(const char *path)
{
    struct stat info;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return NULL;
    if (fstat(file, &info) != 0) {
        close(file);
        return NULL;
    }
    return MHD_create_response_from_fd64((uint64_t)info.st_size, file); /* closes it */
}

static struct MHD_Response *text_response(char *text)
{
    return text ? MHD_create_response_from_buffer(strlen(text), text, MHD_RESPMEM_MUST_FREE) : NULL;
}

static struct MHD_Response *slice_response(const struct timeline *timeline, const char *number)
{
    char *end;
    errno = 0;
    unsigned long long index = strtoull(number, &end, 10);
    if (errno || *end || *number < '0' || *number > '9' || index >= timeline->slice_count)
        return NULL;
    return text_response(detail_json(timeline, index));
}

/* NULL: there is no such thing. */
static struct MHD_Response *respond(struct server *server, const char *url, const char **type)
{
    *type = "application/octet-stream";
    if (strcmp(url, "/timeline") == 0)
        return MHD_create_response_from_buffer(server->pack_size, server->pack, MHD_RESPMEM_PERSISTENT);
    if (strcmp(url, "/trace") == 0)
        return file_response(server->view->path);
    *type = "application/json";
    if (strncmp(url, "/slice/", 7) == 0)
        return slice_response(server->view->timeline, url + 7);
    if (strcmp(url, "/critical") == 0)
        return text_response(critical_json(server->view->timeline));
    *type = "text/html; charset=utf-8";
    return strcmp(url, "/") == 0 ? file_response(server->page_path) : NULL;
}

static bool is_our_host(const struct server *server, const char *host)
{
    static const char *const names[] = {"127.0.0.1", "localhost"};
    char port[8] = "";
    snprintf(port, sizeof(port), ":%u", server->port);
    for (size_t i = 0; host && i < sizeof(names) / sizeof(names[0]); i++) {
        size_t length = strlen(names[i]);
        const char *rest = host + length;
        if (strncasecmp(host, names[i], length) == 0 && (strcmp(rest, port) == 0 || (!*rest && server->port == 80)))
            return true;
    }
    return false;
}

static enum MHD_Result answer(void *data, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *upload, size_t *upload_size, void **state)
{
    struct server *server = data;
    struct MHD_Response *response = NULL;
    unsigned status = MHD_HTTP_OK;
    const char *type = "text/plain";
    (void)version, (void)upload, (void)upload_size, (void)state;

    if (!is_our_host(server, MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_HOST)))
        status = MHD_HTTP_FORBIDDEN;
    else if (strcmp(method, MHD_HTTP_METHOD_GET) != 0)
        status = MHD_HTTP_METHOD_NOT_ALLOWED;
    else if (!(response = respond(server, url, &type)))
        status = MHD_HTTP_NOT_FOUND;
    if (!response)
        response = MHD_create_response_from_buffer(0, "", MHD_RESPMEM_PERSISTENT);
    if (!response)
        return MHD_NO;
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static struct MHD_Daemon *listen_on(struct server *server, uint16_t port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct MHD_Daemon *daemon =
        MHD_start_daemon(MHD_USE_AUTO | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION, port, NULL,
                         NULL, answer, server, MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_END);
    if (daemon)
        server->port = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
    return daemon;
}

/* Without a desktop there is no browser to open; the address has been printed anyway. It gets the signals that are
 * blocked here. */
static void open_browser(const char *address, const sigset_t *signals)
{
    char *argv[] = {"xdg-open", (char *)address, NULL};
    posix_spawnattr_t attributes;
    pid_t pid;
    if ((!getenv("DISPLAY") && !getenv("WAYLAND_DISPLAY")) || posix_spawnattr_init(&attributes) != 0)
        return;
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setsigmask(&attributes, signals);
    posix_spawnp(&pid, argv[0], NULL, &attributes, argv, environ);
    posix_spawnattr_destroy(&attributes);
}

int serve(const struct view *view, uint16_t port, bool browser)
{
    struct server server = {.view = view};
    sigset_t ends, before;
    int signal;

    if (asprintf(&server.page_path, "%s/tools/view/page.html", paths_share()) < 0)
        abort();
    if (access(server.page_path, R_OK) != 0) {
        int status = fail(DAV_INTERNAL, "view: %s: %s; install davsim again", server.page_path, strerror(errno));
        free(server.page_path);
        return status;
    }
    server.pack = pack_timeline(view->timeline, view->title, &server.pack_size);

    /* Before there are threads, which would take the signals. */
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigprocmask(SIG_BLOCK, &ends, &before);
    int status = 0;
    struct MHD_Daemon *daemon = listen_on(&server, port);
    if (daemon) {
        char address[64];
        snprintf(address, sizeof(address), "http://127.0.0.1:%u/", server.port);
        printf("%s\n", address);
        fflush(stdout);
        if (browser)
            open_browser(address, &before);
        sigwait(&ends, &signal);
        MHD_stop_daemon(daemon);
    } else {
        status = fail(DAV_BAD_INPUT, "view: cannot listen on port %u of 127.0.0.1: %s; without --port one is chosen",
                      port, strerror(errno));
    }
    free(server.pack);
    free(server.page_path);
    return status;
}
