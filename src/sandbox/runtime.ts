import { Client, credentials, type ServiceError } from '@grpc/grpc-js'
import { fromJSON } from '@grpc/proto-loader'

/** The few messages of the container runtime interface (CRI v1, k8s.io/cri-api) that are needed to switch a node off; proto3 skips all other fields. */
const criProto = {
  nested: {
    runtime: {
      nested: {
        v1: {
          nested: {
            Empty: { fields: {} },
            PodSandbox: { fields: { id: { type: 'string', id: 1 }, state: { type: 'int32', id: 3 } } },
            ListPodSandboxResponse: { fields: { items: { rule: 'repeated', type: 'PodSandbox', id: 1 } } },
            StopPodSandboxRequest: { fields: { podSandboxId: { type: 'string', id: 1 } } },
            Container: { fields: { id: { type: 'string', id: 1 }, state: { type: 'int32', id: 6 } } },
            ListContainersResponse: { fields: { containers: { rule: 'repeated', type: 'Container', id: 1 } } },
            StopContainerRequest: { fields: { containerId: { type: 'string', id: 1 }, timeout: { type: 'int64', id: 2 } } },
            RuntimeService: {
              methods: {
                ListPodSandbox: { requestType: 'Empty', responseType: 'ListPodSandboxResponse' },
                StopPodSandbox: { requestType: 'StopPodSandboxRequest', responseType: 'Empty' },
                ListContainers: { requestType: 'Empty', responseType: 'ListContainersResponse' },
                StopContainer: { requestType: 'StopContainerRequest', responseType: 'Empty' },
              },
            },
          },
        },
      },
    },
  },
}

const running = 1 // ContainerState.CONTAINER_RUNNING
const ready = 0 // PodSandboxState.SANDBOX_READY

interface Item {
  id: string
  state: number
}

/** Ends every container as the kubelet would at the end of its grace: SIGTERM, `grace` seconds, SIGKILL; then takes the pods' networks away. Their records stay, as after a power cut. */
export async function stopContainers(socket: string, grace: number): Promise<void> {
  const service = fromJSON(criProto as Parameters<typeof fromJSON>[0])['runtime.v1.RuntimeService'] as unknown as Record<
    string,
    { path: string; requestSerialize: (value: object) => Buffer; responseDeserialize: (bytes: Buffer) => unknown }
  >
  const client = new Client(`unix://${socket}`, credentials.createInsecure())
  const call = <T>(method: string, request: object): Promise<T> =>
    new Promise((resolve, reject) => {
      const definition = service[method]
      if (definition === undefined) throw new Error(`no method ${method}`)
      const { path, requestSerialize, responseDeserialize } = definition
      const done = (error: ServiceError | null, value?: unknown): void => (error === null ? resolve(value as T) : reject(error))
      client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, { deadline: Date.now() + (grace + 10) * 1000 }, done)
    })
  try {
    const { containers = [] } = await call<{ containers?: Item[] }>('ListContainers', {})
    await Promise.allSettled(containers.filter(({ state }) => state === running).map(({ id }) => call('StopContainer', { containerId: id, timeout: grace })))
    const { items = [] } = await call<{ items?: Item[] }>('ListPodSandbox', {})
    // State 0 is the default of the wire format: it may be absent.
    await Promise.allSettled(items.filter(({ state }) => (state ?? ready) === ready).map(({ id }) => call('StopPodSandbox', { podSandboxId: id })))
  } finally {
    client.close()
  }
}
