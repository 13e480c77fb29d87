import type { CodeEntry } from './entry.ts'

/** The way to the cluster: kubeconfig (00x), what the API server answers (01x), the network (02x), trust (03x), streams into pods (04x). */
export const clusterCodes = {
  'LOCO-KUB-001': {
    exit: 48,
    title: 'No kubeconfig',
    explain:
      'No file says where a cluster is: neither `$KUBECONFIG` nor `~/.kube/config` leads to one, and no sandbox runs. Start one with `loco sandbox up`, or point `KUBECONFIG` to your file.',
  },
  'LOCO-KUB-002': {
    exit: 47,
    title: 'A kubeconfig cannot be read',
    explain:
      'The file exists, but this user may not read it, or it is not a file. Correct its permissions (`chmod 600`, `chown`) or take it out of `KUBECONFIG`.',
  },
  'LOCO-KUB-003': {
    exit: 48,
    title: 'A kubeconfig is broken',
    explain: 'The file is not YAML, or not a kubeconfig. The message names file and line. While it is broken no other file decides about the current context.',
  },
  'LOCO-KUB-004': {
    exit: 45,
    title: 'No such context',
    explain: 'The context that was asked for, or the current context, is in none of the kubeconfig files. `kubectl config get-contexts` lists those that are.',
  },
  'LOCO-KUB-005': {
    exit: 48,
    title: 'A context points to nothing',
    explain: 'The context names a cluster or a user that no kubeconfig file defines, often because the file with the other half is missing from `KUBECONFIG`.',
  },
  'LOCO-KUB-006': {
    exit: 47,
    title: 'The kubeconfig wants to run a program',
    explain:
      'The user of this context logs in through a program (`exec` or an auth provider), and programs from a kubeconfig are not run here, for example in a folder that is not trusted. Trust the folder, or take a context with a token or a certificate.',
  },
  'LOCO-KUB-007': {
    exit: 48,
    title: 'Logging in failed before the server was asked',
    explain:
      'The login program of the kubeconfig failed or is not installed, or its answer makes no sense. The evidence holds its own words; run it by hand to see more.',
  },
  'LOCO-KUB-008': {
    exit: 48,
    title: 'A certificate, key or token of the kubeconfig is missing or broken',
    explain: 'A file that the kubeconfig names does not exist or cannot be used, or the data in it is no valid PEM. Fetch a fresh kubeconfig from the cluster.',
  },
  'LOCO-KUB-009': {
    exit: 46,
    title: 'The address of the server cannot be used',
    explain:
      'The kubeconfig gives an address that is no URL, a scheme other than `https`, or `http` without `insecure-skip-tls-verify: true`, which says that you know it is not protected.',
  },
  'LOCO-KUB-010': {
    exit: 47,
    title: 'The cluster does not know you (401)',
    explain: 'The token or certificate is not valid, or no longer. Log in again with the tool that made the kubeconfig.',
  },
  'LOCO-KUB-011': {
    exit: 47,
    title: 'The cluster does not allow this (403)',
    explain:
      'Your account lacks a right, or a policy of the cluster (pod security, quota, an admission webhook) refuses the object; the message carries its words. `kubectl auth can-i --list -n NAMESPACE` lists your rights.',
  },
  'LOCO-KUB-012': {
    exit: 45,
    title: 'Not found (404)',
    explain: 'The object, or the kind of object, does not exist in the cluster, or no longer.',
  },
  'LOCO-KUB-013': {
    exit: 41,
    title: 'Somebody else was faster (409)',
    explain: 'The object was changed or made by somebody else meanwhile, or exists already. Run the command again: it starts from what is there now.',
  },
  'LOCO-KUB-014': {
    exit: 41,
    title: 'The version asked for is gone (410)',
    explain:
      'The server no longer keeps the past from which a list or watch should go on. Loco Cluster lists again by itself; seen elsewhere, run the command again.',
  },
  'LOCO-KUB-015': {
    exit: 48,
    title: 'The cluster finds the request wrong (400, 422)',
    explain: 'The server checked the request or object and refused it; the message carries its words, field by field.',
  },
  'LOCO-KUB-016': {
    exit: 49,
    title: 'The cluster asks to slow down (429)',
    explain: 'The server is overloaded or limits this client, or an eviction would break a disruption budget. Wait a little and run the command again.',
  },
  'LOCO-KUB-017': {
    exit: 49,
    title: 'The cluster has a fault (5xx)',
    explain: 'The API server, its etcd or something in front of it failed. Look at the control plane; the message carries its words.',
  },
  'LOCO-KUB-018': {
    exit: 46,
    title: 'The cluster cannot do this (405, 406, 415)',
    explain: 'The server does not offer this action or format: its version is too old, or a proxy in between lets only part of the API through.',
  },
  'LOCO-KUB-019': {
    exit: 40,
    title: 'The answer is not from Kubernetes',
    explain:
      'Something answered that does not speak the Kubernetes API: a login page, a proxy, another server on that port. Check the `server:` address in the kubeconfig.',
  },
  'LOCO-KUB-020': {
    exit: 49,
    title: 'Nothing listens at the address of the cluster',
    explain:
      'The connection was refused: the cluster is stopped, or the kubeconfig is older than the cluster. Start the cluster (`loco sandbox up`, `minikube start` …) or fetch a fresh kubeconfig.',
  },
  'LOCO-KUB-021': {
    exit: 49,
    title: 'The name of the cluster is unknown',
    explain: 'DNS does not know the host in the `server:` address: a typing error, no network, or a VPN that is not connected.',
  },
  'LOCO-KUB-022': {
    exit: 42,
    title: 'The cluster does not answer in time',
    explain: 'A connection or a request took longer than its time-out: the cluster is frozen or overloaded, or a firewall drops packets.',
  },
  'LOCO-KUB-023': {
    exit: 49,
    title: 'The connection to the cluster broke',
    explain:
      'The server or something in between closed the connection in the middle: a restart of the API server, a proxy, a change of network. Views reconnect by themselves.',
  },
  'LOCO-KUB-024': {
    exit: 49,
    title: 'There is no way to the cluster',
    explain: 'The network of the cluster cannot be reached from here: no network, a VPN that is not connected, or a route that is missing.',
  },
  'LOCO-KUB-025': {
    exit: 40,
    title: 'The cluster could not be asked',
    explain: 'Talking to the cluster failed in a way that has no code of its own; the message carries the words of the system.',
  },
  'LOCO-KUB-030': {
    exit: 48,
    title: 'The certificate of the cluster has expired',
    explain:
      'The certificate of the API server is out of its time, or the clock of this machine is wrong. Renew it (`kubeadm certs renew`, or make the local cluster anew).',
  },
  'LOCO-KUB-031': {
    exit: 48,
    title: 'The certificate of the cluster is not trusted',
    explain:
      'The certificate was not signed by the authority in the kubeconfig: the cluster was made anew, or something in between answers for it. Fetch a fresh kubeconfig; do not switch off the check.',
  },
  'LOCO-KUB-032': {
    exit: 48,
    title: 'The certificate of the cluster is for another name',
    explain: 'The `server:` address is none of the names in the certificate. Use one of those, or set `tls-server-name` in the kubeconfig.',
  },
  'LOCO-KUB-033': {
    exit: 47,
    title: 'Your client certificate has expired or is refused',
    explain:
      'The certificate in the kubeconfig with which you log in is out of its time or signed by another authority. Fetch a fresh kubeconfig from the cluster.',
  },
  'LOCO-KUB-034': {
    exit: 48,
    title: 'The address does not speak TLS',
    explain: 'Something listens there, but a protected connection cannot be made: a wrong port, a plain HTTP server, or a proxy.',
  },
  'LOCO-KUB-040': {
    exit: 43,
    title: 'The port in the pod cannot be reached',
    explain: 'The pod runs, but nothing in it listens on that port, or the pod stopped. The message carries the words of the kubelet.',
  },
  'LOCO-KUB-041': {
    exit: 49,
    title: 'A stream into a pod broke',
    explain: 'The connection through the API server and the kubelet ended in the middle: the pod went away, or the API server or the kubelet restarted.',
  },
  'LOCO-KUB-042': {
    exit: 43,
    title: 'A command could not be run in a container',
    explain: 'The container does not run, or has no such program. The message carries the words of the kubelet.',
  },
  'LOCO-KUB-043': {
    exit: 40,
    title: 'An answer is too large',
    explain: 'A pod or the cluster sent more than Loco Cluster takes in one piece; it was cut off to protect this process.',
  },
  'LOCO-KUB-044': {
    exit: 40,
    title: 'A pod does not answer in HTTP',
    explain: 'A service inside the pod closed the connection or sent something that is not HTTP: it is starting, has crashed, or is another service.',
  },
  'LOCO-KUB-045': {
    exit: 42,
    title: 'A pod does not answer in time',
    explain: 'The connection into the pod stands, but its service stays silent: it hangs, or its node is overloaded.',
  },
} as const satisfies Record<string, CodeEntry>
