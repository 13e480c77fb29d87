{{/* MiB that QEMU and the agent need beside the guest's RAM: podOverheadMiB of src/contracts/names.ts. */}}
{{- define "loco.overheadMiB" -}}160{{- end -}}

{{/* MiB of logs and scratch files: the volumes /tmp (64) and /run/loco (16), five log files of 10 MiB that the kubelet keeps, and room. */}}
{{- define "loco.scratchMiB" -}}256{{- end -}}

{{/* A memory quantity (the schema lets only such units through) in bytes. */}}
{{- define "loco.bytes" -}}
{{- $number := float64 (regexFind "^[0-9.]+" .) -}}
{{- $unit := regexFind "[A-Za-z]+$" . -}}
{{- $factor := get (dict "" 1 "k" 1e3 "M" 1e6 "G" 1e9 "T" 1e12 "Ki" 1024 "Mi" 1048576 "Gi" 1073741824 "Ti" 1099511627776) $unit -}}
{{- int64 (mulf $number $factor) -}}
{{- end -}}

{{/* Requests and limits of an emulator: what the person gave, else computed from the guest's RAM and the storage strategy. */}}
{{- define "loco.emulator.resources" -}}
{{- $given := .Values.emulator.resources -}}
{{- $neededMiB := add .Values.emulator.memoryMiB (include "loco.overheadMiB" .) -}}
{{- $memory := $given.limits.memory | default (printf "%dMi" $neededMiB) -}}
{{- if lt (include "loco.bytes" (toString $memory) | int64) (mul $neededMiB 1048576) -}}
{{- fail (printf "emulator.resources.limits.memory is %s, which cannot hold a guest of %v MiB: it must be %dMi or more (the guest's RAM and %s MiB for QEMU and the agent)." (toString $memory) .Values.emulator.memoryMiB $neededMiB (include "loco.overheadMiB" .)) -}}
{{- end -}}
{{- $diskMiB := include "loco.scratchMiB" . | int -}}
{{- if eq .Values.storage.strategy "ephemeral" -}}
{{- $diskMiB = add $diskMiB .Values.storage.ephemeral.sizeMiB -}}
{{- end -}}
requests:
  cpu: {{ $given.requests.cpu | quote }}
  memory: {{ $given.requests.memory | default $memory | quote }}
  ephemeral-storage: {{ index $given.requests "ephemeral-storage" | quote }}
limits:
  cpu: {{ $given.limits.cpu | quote }}
  memory: {{ $memory | quote }}
  ephemeral-storage: {{ index $given.limits "ephemeral-storage" | default (printf "%dMi" $diskMiB) | quote }}
  {{- if .Values.emulator.kvm.enabled }}
  devices.kubevirt.io/kvm: "1"
  {{- end }}
{{- end -}}
