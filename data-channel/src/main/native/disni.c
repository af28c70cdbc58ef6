// SPDX-License-Identifier: Apache-2.0
/*
 * The native half of DiSNI (com.ibm.disni 2.1), whose jar has none: the methods of its
 * NativeDispatcher that io.mows.channel.rdma.Disni uses, over libibverbs and librdmacm, and the two
 * of Disni itself that DiSNI lacks. JNI resolves methods when they are first called, so what is
 * missing here is an UnsatisfiedLinkError for whoever calls it, and nobody does.
 *
 * A handle (jlong) is a pointer that one of these functions returned; 0 is never one. Java keeps
 * handles from being used after their end, C only checks what can be checked. Failures are
 * java.io.IOException where the Java method declares it, and a negative result where not.
 *
 * Structures are laid out by Java (SockAddrIn, NatIbvSendWR, NatIbvSge, IbvWC) from the sizes and
 * offsets that the get...Size functions report, so no size is assumed on either side.
 */
#include <errno.h>
#include <fcntl.h>
#include <jni.h>
#include <netinet/in.h>
#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <infiniband/verbs.h>
#include <rdma/rdma_cma.h>

#define DISNI(type, name) \
  JNIEXPORT type JNICALL Java_com_ibm_disni_verbs_impl_NativeDispatcher__1##name
#define OURS(type, name) JNIEXPORT type JNICALL Java_io_mows_channel_rdma_Disni_##name
#define UNUSED __attribute__((unused))
#define HANDLE(pointer) ((jlong)(intptr_t)(pointer))
#define POINTER(type, handle) ((type *)(intptr_t)(handle))

/* What NativeDispatcher checks for. */
#define DISNI_VERSION 32
#define MAX_SGE 4
#define MAX_PRIVATE_DATA 56

/* What a peer sent with its request to connect; hangs at the id until that is destroyed. */
struct private_data {
  uint8_t length;
  uint8_t bytes[MAX_PRIVATE_DATA];
};

static void throw_io(JNIEnv *env, const char *what, int error) {
  char message[256];
  jclass type = (*env)->FindClass(env, "java/io/IOException");
  if (type == NULL) {
    return; /* Its own exception is pending. */
  }
  snprintf(message, sizeof message, "%s: %s", what, strerror(error));
  (*env)->ThrowNew(env, type, message);
}

/* Whether a handle is there; throws if not. */
static int present(JNIEnv *env, jlong handle, const char *what) {
  if (handle == 0 || handle == -1) {
    throw_io(env, what, EINVAL);
    return 0;
  }
  return 1;
}

/* The calls of libibverbs return an error number, those of librdmacm -1 and errno. */
static void check(JNIEnv *env, const char *what, int result) {
  if (result != 0) {
    throw_io(env, what, result > 0 ? result : errno);
  }
}

static int set_nonblocking(int fd) {
  int flags = fcntl(fd, F_GETFL);
  return flags < 0 ? -1 : fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

/* Whether there is something to read; an interrupted wait counts as none. */
static int wait_readable(int fd, int timeout_ms) {
  struct pollfd waiting = {.fd = fd, .events = POLLIN, .revents = 0};
  return poll(&waiting, 1, timeout_ms) > 0;
}

/* ---- connection manager ---- */

DISNI(jlong, createEventChannel)(JNIEnv *env, jobject self UNUSED) {
  struct rdma_event_channel *channel = rdma_create_event_channel();
  if (channel == NULL) {
    throw_io(env, "rdma_create_event_channel", errno);
    return -1;
  }
  if (set_nonblocking(channel->fd) != 0) {
    int error = errno;
    rdma_destroy_event_channel(channel);
    throw_io(env, "fcntl of the event channel", error);
    return -1;
  }
  return HANDLE(channel);
}

DISNI(jint, destroyEventChannel)(JNIEnv *env UNUSED, jobject self UNUSED, jlong channel) {
  if (channel == 0) {
    return -1;
  }
  rdma_destroy_event_channel(POINTER(struct rdma_event_channel, channel));
  return 0;
}

DISNI(jlong, createId)(JNIEnv *env, jobject self UNUSED, jlong channel, jshort space UNUSED) {
  struct rdma_cm_id *id;
  if (!present(env, channel, "rdma_create_id: no event channel")) {
    return -1;
  }
  if (rdma_create_id(POINTER(struct rdma_event_channel, channel), &id, NULL, RDMA_PS_TCP) != 0) {
    throw_io(env, "rdma_create_id", errno);
    return -1;
  }
  return HANDLE(id);
}

DISNI(jint, destroyCmId)(JNIEnv *env UNUSED, jobject self UNUSED, jlong handle) {
  struct rdma_cm_id *id = POINTER(struct rdma_cm_id, handle);
  void *data;
  int result;
  if (id == NULL) {
    return -1;
  }
  data = id->context;
  result = rdma_destroy_id(id);
  free(data);
  return result;
}

DISNI(void, bindAddr)(JNIEnv *env, jobject self UNUSED, jlong id, jlong address) {
  if (present(env, id, "rdma_bind_addr: no id") && present(env, address, "rdma_bind_addr")) {
    check(env, "rdma_bind_addr",
          rdma_bind_addr(POINTER(struct rdma_cm_id, id), POINTER(struct sockaddr, address)));
  }
}

DISNI(void, listen)(JNIEnv *env, jobject self UNUSED, jlong id, jint backlog) {
  if (present(env, id, "rdma_listen: no id")) {
    check(env, "rdma_listen", rdma_listen(POINTER(struct rdma_cm_id, id), backlog));
  }
}

DISNI(void, resolveAddr)
(JNIEnv *env, jobject self UNUSED, jlong id, jlong source UNUSED, jlong target, jint timeout_ms) {
  if (present(env, id, "rdma_resolve_addr: no id") && present(env, target, "rdma_resolve_addr")) {
    check(env, "rdma_resolve_addr",
          rdma_resolve_addr(POINTER(struct rdma_cm_id, id), NULL, POINTER(struct sockaddr, target),
                            timeout_ms));
  }
}

DISNI(void, resolveRoute)(JNIEnv *env, jobject self UNUSED, jlong id, jint timeout_ms) {
  if (present(env, id, "rdma_resolve_route: no id")) {
    check(env, "rdma_resolve_route",
          rdma_resolve_route(POINTER(struct rdma_cm_id, id), timeout_ms));
  }
}

/* Keeps what came with a request to connect; without memory the request looks like one without. */
static void keep_private_data(struct rdma_cm_event *event) {
  const struct rdma_conn_param *conn = &event->param.conn;
  struct private_data *copy = calloc(1, sizeof *copy);
  if (copy != NULL && conn->private_data != NULL) {
    copy->length =
        conn->private_data_len < MAX_PRIVATE_DATA ? conn->private_data_len : MAX_PRIVATE_DATA;
    memcpy(copy->bytes, conn->private_data, copy->length);
  }
  event->id->context = copy;
}

DISNI(jint, getCmEvent)
(JNIEnv *env UNUSED, jobject self UNUSED, jlong handle, jlong listen_id, jlong client_id,
 jint timeout_ms) {
  struct rdma_event_channel *channel = POINTER(struct rdma_event_channel, handle);
  struct rdma_cm_event *event;
  jlong ids[2];
  jint type;
  if (channel == NULL || listen_id == 0 || client_id == 0 ||
      !wait_readable(channel->fd, timeout_ms) || rdma_get_cm_event(channel, &event) != 0) {
    return -1;
  }
  type = (jint)event->event;
  if (type == RDMA_CM_EVENT_CONNECT_REQUEST) {
    keep_private_data(event);
  }
  ids[0] = event->listen_id == NULL ? -1 : HANDLE(event->listen_id);
  ids[1] = event->id == NULL ? -1 : HANDLE(event->id);
  memcpy(POINTER(void, listen_id), &ids[0], sizeof ids[0]);
  memcpy(POINTER(void, client_id), &ids[1], sizeof ids[1]);
  rdma_ack_cm_event(event);
  return type;
}

DISNI(void, connect)
(JNIEnv *env, jobject self UNUSED, jlong id, jint retries, jint rnr_retries, jlong data,
 jbyte data_length) {
  struct rdma_conn_param param = {.initiator_depth = RDMA_MAX_INIT_DEPTH,
                                  .responder_resources = RDMA_MAX_RESP_RES,
                                  .retry_count = (uint8_t)retries,
                                  .rnr_retry_count = (uint8_t)rnr_retries,
                                  .private_data = POINTER(void, data),
                                  .private_data_len = (uint8_t)data_length};
  if (data_length < 0 || data_length > MAX_PRIVATE_DATA || (data == 0 && data_length != 0)) {
    throw_io(env, "rdma_connect: private data", EINVAL);
  } else if (present(env, id, "rdma_connect: no id")) {
    check(env, "rdma_connect", rdma_connect(POINTER(struct rdma_cm_id, id), &param));
  }
}

DISNI(void, accept)
(JNIEnv *env, jobject self UNUSED, jlong id, jint retries, jint rnr_retries) {
  struct rdma_conn_param param = {.initiator_depth = RDMA_MAX_INIT_DEPTH,
                                  .responder_resources = RDMA_MAX_RESP_RES,
                                  .retry_count = (uint8_t)retries,
                                  .rnr_retry_count = (uint8_t)rnr_retries};
  if (present(env, id, "rdma_accept: no id")) {
    check(env, "rdma_accept", rdma_accept(POINTER(struct rdma_cm_id, id), &param));
  }
}

DISNI(jint, disconnect)(JNIEnv *env UNUSED, jobject self UNUSED, jlong id) {
  return id == 0 ? -1 : rdma_disconnect(POINTER(struct rdma_cm_id, id));
}

DISNI(jlong, getContext)(JNIEnv *env, jobject self UNUSED, jlong id) {
  struct ibv_context *context;
  if (!present(env, id, "no id to have a device")) {
    return -1;
  }
  context = POINTER(struct rdma_cm_id, id)->verbs;
  if (context == NULL) {
    throw_io(env, "The address belongs to no RDMA device", ENODEV);
    return -1;
  }
  return HANDLE(context);
}

DISNI(jlong, createQP)
(JNIEnv *env, jobject self UNUSED, jlong handle, jlong pd, jlong send_cq, jlong recv_cq, jint type,
 jint max_send, jint max_recv, jint max_inline) {
  struct rdma_cm_id *id = POINTER(struct rdma_cm_id, handle);
  struct ibv_qp_init_attr attr;
  if (!present(env, handle, "rdma_create_qp: no id") ||
      !present(env, pd, "rdma_create_qp: no protection domain") ||
      !present(env, send_cq, "rdma_create_qp: no completion queue") ||
      !present(env, recv_cq, "rdma_create_qp: no completion queue")) {
    return -1;
  }
  if (max_send < 0 || max_recv < 0 || max_inline < 0) {
    throw_io(env, "rdma_create_qp: sizes", EINVAL);
    return -1;
  }
  memset(&attr, 0, sizeof attr);
  attr.cap.max_send_wr = (uint32_t)max_send;
  attr.cap.max_recv_wr = (uint32_t)max_recv;
  attr.cap.max_send_sge = MAX_SGE;
  attr.cap.max_recv_sge = MAX_SGE;
  attr.cap.max_inline_data = (uint32_t)max_inline;
  attr.qp_type = (enum ibv_qp_type)type;
  attr.send_cq = POINTER(struct ibv_cq, send_cq);
  attr.recv_cq = POINTER(struct ibv_cq, recv_cq);
  if (rdma_create_qp(id, POINTER(struct ibv_pd, pd), &attr) != 0) {
    throw_io(env, "rdma_create_qp", errno);
    return -1;
  }
  return HANDLE(id->qp);
}

DISNI(jint, destroyQP)(JNIEnv *env UNUSED, jobject self UNUSED, jlong handle) {
  struct rdma_cm_id *id = POINTER(struct rdma_cm_id, handle);
  if (id == NULL || id->qp == NULL) {
    return -1;
  }
  rdma_destroy_qp(id);
  return 0;
}

/* ---- verbs ---- */

DISNI(jlong, allocPd)(JNIEnv *env, jobject self UNUSED, jlong context) {
  struct ibv_pd *pd;
  if (!present(env, context, "ibv_alloc_pd: no device")) {
    return -1;
  }
  pd = ibv_alloc_pd(POINTER(struct ibv_context, context));
  if (pd == NULL) {
    throw_io(env, "ibv_alloc_pd", errno);
    return -1;
  }
  return HANDLE(pd);
}

DISNI(jint, deallocPd)(JNIEnv *env UNUSED, jobject self UNUSED, jlong pd) {
  return pd == 0 ? -1 : -ibv_dealloc_pd(POINTER(struct ibv_pd, pd));
}

DISNI(jint, getPdHandle)(JNIEnv *env, jobject self UNUSED, jlong pd) {
  return present(env, pd, "no protection domain") ? (jint)POINTER(struct ibv_pd, pd)->handle : -1;
}

DISNI(jlong, createCompChannel)(JNIEnv *env, jobject self UNUSED, jlong context) {
  struct ibv_comp_channel *channel;
  if (!present(env, context, "ibv_create_comp_channel: no device")) {
    return -1;
  }
  channel = ibv_create_comp_channel(POINTER(struct ibv_context, context));
  if (channel == NULL) {
    throw_io(env, "ibv_create_comp_channel", errno);
    return -1;
  }
  if (set_nonblocking(channel->fd) != 0) {
    int error = errno;
    ibv_destroy_comp_channel(channel);
    throw_io(env, "fcntl of the completion channel", error);
    return -1;
  }
  return HANDLE(channel);
}

DISNI(jint, destroyCompChannel)(JNIEnv *env UNUSED, jobject self UNUSED, jlong channel) {
  return channel == 0 ? -1 : -ibv_destroy_comp_channel(POINTER(struct ibv_comp_channel, channel));
}

DISNI(jlong, createCQ)
(JNIEnv *env, jobject self UNUSED, jlong context, jlong channel, jint entries, jint vector) {
  struct ibv_cq *cq;
  if (!present(env, context, "ibv_create_cq: no device") ||
      !present(env, channel, "ibv_create_cq: no completion channel")) {
    return -1;
  }
  cq = ibv_create_cq(POINTER(struct ibv_context, context), entries, NULL,
                     POINTER(struct ibv_comp_channel, channel), vector);
  if (cq == NULL) {
    throw_io(env, "ibv_create_cq", errno);
    return -1;
  }
  return HANDLE(cq);
}

DISNI(jint, destroyCQ)(JNIEnv *env UNUSED, jobject self UNUSED, jlong cq) {
  return cq == 0 ? -1 : -ibv_destroy_cq(POINTER(struct ibv_cq, cq));
}

DISNI(jlong, regMr)
(JNIEnv *env, jobject self UNUSED, jlong pd, jlong address, jint length, jint access, jlong lkey,
 jlong rkey, jlong handle) {
  struct ibv_mr *mr;
  if (!present(env, pd, "ibv_reg_mr: no protection domain") ||
      !present(env, address, "ibv_reg_mr: no memory")) {
    return -1;
  }
  if (length <= 0 || lkey == 0 || rkey == 0 || handle == 0) {
    throw_io(env, "ibv_reg_mr: length", EINVAL);
    return -1;
  }
  mr = ibv_reg_mr(POINTER(struct ibv_pd, pd), POINTER(void, address), (size_t)length, access);
  if (mr == NULL) {
    throw_io(env, "ibv_reg_mr", errno);
    return -1;
  }
  memcpy(POINTER(void, lkey), &mr->lkey, sizeof mr->lkey);
  memcpy(POINTER(void, rkey), &mr->rkey, sizeof mr->rkey);
  memcpy(POINTER(void, handle), &mr->handle, sizeof mr->handle);
  return HANDLE(mr);
}

DISNI(void, deregMr)(JNIEnv *env, jobject self UNUSED, jlong mr) {
  if (present(env, mr, "ibv_dereg_mr: no region")) {
    check(env, "ibv_dereg_mr", ibv_dereg_mr(POINTER(struct ibv_mr, mr)));
  }
}

DISNI(void, postSend)(JNIEnv *env, jobject self UNUSED, jlong qp, jlong requests) {
  struct ibv_send_wr *bad;
  if (present(env, qp, "ibv_post_send: no queue pair") &&
      present(env, requests, "ibv_post_send: no requests")) {
    check(env, "ibv_post_send",
          ibv_post_send(POINTER(struct ibv_qp, qp), POINTER(struct ibv_send_wr, requests), &bad));
  }
}

DISNI(jint, reqNotifyCQ)(JNIEnv *env UNUSED, jobject self UNUSED, jlong cq, jint solicited_only) {
  return cq == 0 ? -1 : ibv_req_notify_cq(POINTER(struct ibv_cq, cq), solicited_only);
}

DISNI(jint, getCqEvent)(JNIEnv *env, jobject self UNUSED, jlong handle, jint timeout_ms) {
  struct ibv_comp_channel *channel = POINTER(struct ibv_comp_channel, handle);
  struct ibv_cq *cq;
  void *context;
  if (!present(env, handle, "ibv_get_cq_event: no completion channel") ||
      !wait_readable(channel->fd, timeout_ms)) {
    return -1;
  }
  return ibv_get_cq_event(channel, &cq, &context);
}

DISNI(jint, ackCqEvent)(JNIEnv *env UNUSED, jobject self UNUSED, jlong cq, jint events) {
  if (cq == 0 || events < 0) {
    return -1;
  }
  ibv_ack_cq_events(POINTER(struct ibv_cq, cq), (unsigned int)events);
  return 0;
}

DISNI(jint, pollCQ)(JNIEnv *env, jobject self UNUSED, jlong cq, jint entries, jlong list) {
  if (!present(env, cq, "ibv_poll_cq: no completion queue") ||
      !present(env, list, "ibv_poll_cq: no list")) {
    return -1;
  }
  return ibv_poll_cq(POINTER(struct ibv_cq, cq), entries, POINTER(struct ibv_wc, list));
}

/* ---- sizes and offsets ---- */

/* DiSNI leaves the rest of a larger address as it is, so the size it asks for covers both kinds. */
DISNI(jint, getSockAddrInSize)(JNIEnv *env UNUSED, jobject self UNUSED) {
  return (jint)sizeof(struct sockaddr_in);
}

DISNI(jint, getIbvRecvWRSize)(JNIEnv *env UNUSED, jobject self UNUSED) {
  return (jint)sizeof(struct ibv_recv_wr);
}

DISNI(jint, getIbvSendWRSize)(JNIEnv *env UNUSED, jobject self UNUSED) {
  return (jint)sizeof(struct ibv_send_wr);
}

DISNI(jint, getIbvSgeSize)(JNIEnv *env UNUSED, jobject self UNUSED) {
  return (jint)sizeof(struct ibv_sge);
}

DISNI(jint, getIbvWCSize)(JNIEnv *env UNUSED, jobject self UNUSED) {
  return (jint)sizeof(struct ibv_wc);
}

DISNI(jint, getRemoteAddressOffset)(JNIEnv *env UNUSED, jobject self UNUSED) {
  return (jint)offsetof(struct ibv_send_wr, wr.rdma.remote_addr);
}

DISNI(jint, getRKeyOffset)(JNIEnv *env UNUSED, jobject self UNUSED) {
  return (jint)offsetof(struct ibv_send_wr, wr.rdma.rkey);
}

DISNI(jint, getVersion)(JNIEnv *env UNUSED, jobject self UNUSED) { return DISNI_VERSION; }

/* ---- what DiSNI lacks ---- */

/* The private data of a request to connect, as it came; padded by some fabrics. NULL: none. */
OURS(jbyteArray, privateData)(JNIEnv *env, jclass type UNUSED, jlong id) {
  const struct private_data *data;
  jbyteArray bytes;
  if (!present(env, id, "no id to have private data")) {
    return NULL;
  }
  data = POINTER(struct rdma_cm_id, id)->context;
  if (data == NULL) {
    return NULL;
  }
  bytes = (*env)->NewByteArray(env, data->length);
  if (bytes != NULL) {
    (*env)->SetByteArrayRegion(env, bytes, 0, data->length, (const jbyte *)data->bytes);
  }
  return bytes;
}

/* The port that an id is bound to. */
OURS(jint, port)(JNIEnv *env, jclass type UNUSED, jlong id) {
  return present(env, id, "no id to have a port")
             ? (jint)ntohs(rdma_get_src_port(POINTER(struct rdma_cm_id, id)))
             : -1;
}
