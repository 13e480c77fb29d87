// What we use of the Kubernetes client, and nothing more: it becomes a bundle of its own (dist/kubernetes.cjs) that is loaded when a cluster is first asked.
export {
  AppsV1Api,
  AuthorizationV1Api,
  BatchV1Api,
  CoordinationV1Api,
  CoreV1Api,
  createConfiguration,
  DiscoveryV1Api,
  KubeConfig,
  Observable,
  ResponseContext,
  ServerConfiguration,
  StorageV1Api,
  V1MicroTime,
  wrapHttpLibrary,
} from '@kubernetes/client-node'
