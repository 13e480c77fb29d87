import type { CodeEntry } from './entry.ts'

/**
 * What the values language says of a values file, of the manifests that it makes, and of what it would do to a release.
 * The numbers are those of the rules and have two digits. VA: any value; ST: storage.
 */
export const valuesCodes = {
  'LOCO-VA-01': {
    exit: 38,
    title: 'The same key twice',
    explain: 'Helm keeps the last of two equal keys of a map and says nothing, so the first has no effect. Delete one of them.',
  },
  'LOCO-VA-02': {
    exit: 38,
    title: 'The chart has no such value',
    explain:
      'The schema of the chart is closed and does not know this key, so helm refuses the file. Mostly a letter is wrong; `docs/values.md` lists all values.',
  },
  'LOCO-VA-03': {
    exit: 38,
    title: 'Nothing uses this value',
    explain: 'No template of the chart reads this key, so it can be changed or deleted without effect. Delete it, or look for the key that was meant.',
  },
  'LOCO-VA-04': {
    exit: 38,
    title: 'A template uses a value without a default',
    explain:
      'A template of the chart reads a key that neither `values.yaml` nor the schema has. Without it the template renders an empty text or fails. Add a default.',
  },
  'LOCO-VA-05': {
    exit: 38,
    title: 'The value has a wrong type or is out of range',
    explain: 'The schema of the chart allows another type, another range or other words at this place, so helm refuses the file. The message says which.',
  },
  'LOCO-VA-06': {
    exit: 38,
    title: 'No node has the image',
    explain:
      'The pull policy is `Never`, or the image has a name without a registry, so that nobody can be asked for it, and no node of the cluster has it. Load the image (`loco rebuild`), or set image, tag or pull policy.',
  },
  'LOCO-VA-07': {
    exit: 38,
    title: 'The tag does not name one build',
    explain:
      'The tag `latest` hides which build runs, and nodes can run different ones. Give a tag that names one build, or leave it empty where the chart then takes its own version.',
  },
  'LOCO-VA-08': {
    exit: 38,
    title: 'The memory limit cannot hold the guest',
    explain:
      'A pod needs the RAM of its guest and 160 MiB for QEMU and the agent. With a lower limit the kernel ends QEMU in the middle of its work, so the chart refuses it.',
  },
  'LOCO-VA-09': {
    exit: 38,
    title: 'More RAM than the guest can use',
    explain: 'Windows 98 does not start with more than 512 MB of RAM unless its own files are edited. Give it 512 or less.',
  },
  'LOCO-VA-10': {
    exit: 38,
    title: 'The nodes cannot hold all emulators',
    explain:
      'What all emulators ask for together is more than the nodes can give, so that some pods stay Pending. Lower the requests or the number of emulators.',
  },
  'LOCO-VA-11': {
    exit: 38,
    title: 'Two guests with one address',
    explain:
      'A hardware address, IP address or name that is given to all emulators makes them answer for each other on the network. Leave it out: each emulator derives its own from its ordinal.',
  },
  'LOCO-VA-12': {
    exit: 38,
    title: 'A port is used twice',
    explain: 'Two services would answer on one port, or the node port belongs to another Service of the cluster. Choose a free port.',
  },
  'LOCO-VA-13': {
    exit: 38,
    title: 'More rights than `restricted` allows',
    explain:
      'A rendered pod asks for rights that a namespace with the level `restricted` of the Pod Security Standards refuses. Take away the field that the message names.',
  },
  'LOCO-VA-14': {
    exit: 38,
    title: 'A key of the original system',
    explain: 'This key was read by the original Lego Loco Cluster chart. The message says what it is called today, or why it is gone.',
  },
  'LOCO-VA-15': {
    exit: 38,
    title: 'An environment variable is set twice',
    explain: 'The chart sets this variable itself, and the values set it again. Use the value behind it, or delete the line.',
  },
  'LOCO-VA-16': {
    exit: 38,
    title: 'No node fits the emulators',
    explain: 'No schedulable node carries the labels, or offers the device, that the values ask for, so that the pods stay Pending.',
  },
  'LOCO-VA-17': {
    exit: 38,
    title: 'What the change does to running emulators',
    explain:
      'Compared with the release that is deployed, these values restart, re-create, add or remove emulators. Nothing is wrong; it is said so that nobody is surprised.',
  },
  'LOCO-VA-18': {
    exit: 38,
    title: 'A `false` that the template turns back',
    explain:
      'The template uses `default` on a boolean, and for `default` a `false` is empty: the value can never be switched off. This is a defect of the chart.',
  },
  'LOCO-VA-19': {
    exit: 38,
    title: 'A name that is too long or without effect',
    explain: 'Names of objects have up to 63 characters, those of our releases 38. A namespace among the values has no effect: `helm --namespace` decides.',
  },
  'LOCO-VA-20': {
    exit: 38,
    title: 'Not YAML that Helm reads',
    explain:
      'Helm cannot read the file, or reads something else than a mapping of names to values: a tab, a missing colon, an unknown alias. The message says what stands there.',
  },
  'LOCO-VA-21': {
    exit: 38,
    title: 'Too long or too deep to be looked at',
    explain: 'Values files of up to 1 MiB and a reasonable depth are looked at; what is greater does not fit into a release, which Helm keeps in a Secret.',
  },
  'LOCO-VA-22': {
    exit: 38,
    title: 'The schema of the chart is wrong',
    explain:
      'Helm cannot read `values.schema.json`, and with it refuses every install. The message says what is wrong; the values themselves are only checked without it.',
  },
  'LOCO-VA-23': {
    exit: 38,
    title: 'The value cannot be renamed',
    explain: 'There is no key at the place, the new name is taken in one of the files, or a template could not write it.',
  },
  'LOCO-ST-01': {
    exit: 68,
    title: 'Not a storage strategy',
    explain:
      '`storage.strategy` is one word: `ephemeral`, `persistent`, `hostpath`, `hybrid` or `csi-snapshot`. The map of the original chart (`storage.strategy.hostPath.enabled`) is not read; a quick fix converts it.',
  },
  'LOCO-ST-02': {
    exit: 68,
    title: 'The strategy lacks a part, or there are two',
    explain: '`hybrid` needs the folder of the node (`storage.hostPath`) and the claims (`storage.persistentVolume`); and only one strategy can be chosen.',
  },
  'LOCO-ST-03': {
    exit: 68,
    title: 'Not a size that Kubernetes reads',
    explain:
      'A size is a number with `Ki`, `Mi`, `Gi`, `Ti` (powers of 1024) or `k`, `M`, `G`, `T` (powers of 1000), without a space: `10Gi`, not `10GB`. Mixing both kinds is only warned of.',
  },
  'LOCO-ST-04': {
    exit: 68,
    title: 'The claim is too small for its disk',
    explain: 'The claim holds what a guest writes and its saved states. The message says how much that can become; a full claim stops the guest.',
  },
  'LOCO-ST-05': {
    exit: 68,
    title: 'The folder belongs to the node',
    explain:
      'A host path is absolute, without `..`, and not `/` or a folder that the node itself lives from. Choose a folder of its own, such as `/var/lib/loco-cluster/art`.',
  },
  'LOCO-ST-06': {
    exit: 68,
    title: 'A host path without a type',
    explain:
      'Without a type, or with `FileOrCreate` below a folder that is not there, a missing path is only noticed when the pod is started. Use `Directory` or `DirectoryOrCreate`.',
  },
  'LOCO-ST-07': {
    exit: 68,
    title: 'The data is on one node, the pods may run on several',
    explain: 'A folder of a node exists on that node only. Bind the emulators to it with `emulator.nodeSelector`, or use the strategy `persistent`.',
  },
  'LOCO-ST-08': {
    exit: 68,
    title: 'The folder is lost when the node restarts',
    explain: 'On this kind of node the path lies in memory or in a layer that goes with the node. `docs/storage.md` lists the folders that survive.',
  },
  'LOCO-ST-09': {
    exit: 68,
    title: 'The folder is in the node container, not on this machine',
    explain:
      'With kind and k3d the node is a container: a path of this machine is there only when the cluster was made with it as a mount (`extraMounts`, `--volume`).',
  },
  'LOCO-ST-10': {
    exit: 68,
    title: 'The container cannot write its folder, or everybody can',
    explain:
      'The kubelet makes a missing folder for root, and `fsGroup` does not change a host path. Prepare the folder with the right owner; `chmod 777` lets every process of the node write.',
  },
  'LOCO-ST-11': {
    exit: 68,
    title: 'The namespace refuses host paths',
    explain: 'The namespace enforces the level `baseline` or `restricted` of the Pod Security Standards, so that a pod with a folder of the node is not made.',
  },
  'LOCO-ST-12': {
    exit: 68,
    title: 'The storage class is not there',
    explain:
      'The cluster has no class of this name, or the values name none and the cluster has not exactly one default class. The message lists the classes that there are.',
  },
  'LOCO-ST-13': {
    exit: 68,
    title: 'The storage class cannot do this access mode',
    explain:
      'The provisioner of the class makes volumes for one node, and the claim asks for more. Ask for ReadWriteOnce and give each pod a claim of its own.',
  },
  'LOCO-ST-14': {
    exit: 68,
    title: 'Several pods share one claim',
    explain: 'A claim with ReadWriteOnce is for one node, and one disk has one writer. Use claim templates, so that each pod gets its own.',
  },
  'LOCO-ST-15': {
    exit: 68,
    title: 'Two writers of one disk',
    explain:
      'All replicas would write below one path, and the second QEMU fails on the lock of the first. Give each pod a folder of its own (`subPathExpr`) or a claim template.',
  },
  'LOCO-ST-16': {
    exit: 68,
    title: 'The claim can never be bound',
    explain:
      'The class binds a claim when its pod is scheduled. A pod with `nodeName` is never scheduled, and who waits for the claim before the pod waits for ever. Use `nodeSelector`.',
  },
  'LOCO-ST-17': {
    exit: 68,
    title: 'The volume and its claim do not fit together',
    explain:
      'A PersistentVolume belongs to the whole cluster: its name must hold release and namespace, and claim, class, modes and size must agree with those of its claim.',
  },
  'LOCO-ST-18': {
    exit: 68,
    title: 'A local volume without its node',
    explain: 'A `local` PersistentVolume needs `nodeAffinity`, and its folder must be there before a pod uses it.',
  },
  'LOCO-ST-19': {
    exit: 68,
    title: 'A claim cannot change like this',
    explain:
      'Of a claim that exists only the size can change, only upwards, and only when its class allows it. Take the value back, or move the data with `loco storage migrate`.',
  },
  'LOCO-ST-20': {
    exit: 68,
    title: 'The source of a volume cannot change',
    explain: 'Where a PersistentVolume lies, and the parameters of a StorageClass, are fixed when it is made. Use a new name and move the data.',
  },
  'LOCO-ST-21': {
    exit: 68,
    title: 'The StatefulSet must be made anew',
    explain:
      'Claim templates, selector and Service name of a StatefulSet are fixed when it is made. `loco destroy --keep-data` and `loco bootstrap` make it anew; the claims stay.',
  },
  'LOCO-ST-22': {
    exit: 68,
    title: 'What happens to the claims is not said, or they stay',
    explain:
      'Claims of emulators that are scaled away stay unless `storage.retention.whenScaled` is `Delete`. State the policy, so that nobody is surprised by either.',
  },
  'LOCO-ST-23': {
    exit: 68,
    title: 'Old data may come back in this claim',
    explain:
      'The provisioner of minikube gives a new claim the folder of an old one of the same name, with what is in it. Delete the old claims first if their data is not wanted.',
  },
  'LOCO-ST-24': {
    exit: 68,
    title: 'A memory volume without room',
    explain: 'A volume in memory counts to the memory limit of its pod. It needs a `sizeLimit`, no greater than what the limit leaves beside the guest.',
  },
  'LOCO-ST-25': {
    exit: 68,
    title: 'The node may evict the pod when its disk grows',
    explain: 'A disk in the pod needs a `sizeLimit` and room for it in the request and the limit of `ephemeral-storage`.',
  },
  'LOCO-ST-26': {
    exit: 68,
    title: 'The base disk can be written',
    explain: 'All overlays stand on an unchanged base. Mount it read-only; a write to it breaks every overlay above it.',
  },
  'LOCO-ST-27': {
    exit: 68,
    title: 'The overlay points at a path that the pod does not have',
    explain: 'The base of an overlay must lie at the same path in every pod, in a volume that is mounted or in the image.',
  },
  'LOCO-ST-28': {
    exit: 68,
    title: 'Disks written over a network file system',
    explain: 'Locks and direct writes are unreliable on NFS, CIFS, 9p and virtiofs. A base that is only read may lie there, an overlay must not.',
  },
  'LOCO-ST-29': {
    exit: 68,
    title: 'The node has not enough disk',
    explain: 'What the emulators may write together is more than the local disk of the nodes. Lower the size or the number of emulators.',
  },
  'LOCO-ST-30': {
    exit: 68,
    title: 'A mount that cannot work, or hides something',
    explain: 'A mount needs a volume of its name, an absolute path of its own, and must not lie over `/opt/builtin-images`, which holds the disk of the image.',
  },
  'LOCO-ST-31': {
    exit: 68,
    title: 'No disk to start from',
    explain: 'Neither the claim nor the image holds a disk. Use an image with a disk, or put one on the claim.',
  },
  'LOCO-ST-32': {
    exit: 68,
    title: 'The documented values do not fit the chart',
    explain: 'An example of the documentation is refused by the schema. This is a promise of our own chart, held by its tests: please report it.',
  },
  'LOCO-ST-33': {
    exit: 68,
    title: 'Several pods share a claim for one pod',
    explain: 'The mode ReadWriteOncePod admits one pod, so that the second never starts. Give each pod a claim of its own.',
  },
  'LOCO-ST-34': {
    exit: 68,
    title: 'The folder of a mount will belong to root',
    explain: 'The kubelet makes a missing `subPath` as root, and cannot make it on a volume that is read-only. Make the folder in an init step.',
  },
  'LOCO-ST-35': {
    exit: 68,
    title: 'Each start walks the whole disk',
    explain: 'With `fsGroup` the kubelet changes the owner of every file at each start. `fsGroupChangePolicy: OnRootMismatch` does it only when needed.',
  },
  'LOCO-ST-36': {
    exit: 68,
    title: 'No snapshot class for the storage class',
    explain: 'The strategy `csi-snapshot` needs a VolumeSnapshotClass whose driver is the provisioner of the storage class.',
  },
} as const satisfies Record<string, CodeEntry>
