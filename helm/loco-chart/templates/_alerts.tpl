{{/* One alert: (dict "name" … "expr" … "for" … "severity" … "summary" …). The texts are Prometheus' templates, not Helm's. */}}
{{- define "loco.alert" -}}
- alert: {{ .name }}
  expr: {{ .expr | quote }}
  for: {{ .for }}
  labels:
    severity: {{ .severity }}
  annotations:
    summary: {{ .summary | quote }}
{{- end -}}

{{- define "loco.alerts" -}}
{{- $emulators := printf "namespace=%q,service=%q" .Release.Namespace (include "loco.emulator.name" .) -}}
{{- $fleet := printf "release %s in namespace %s" .Release.Name .Release.Namespace -}}
{{- $instance := printf "{{ $labels.instance }} of %s" $fleet -}}
{{ include "loco.alert" (dict "name" "LocoInstanceNotReady" "for" "5m" "severity" "warning"
  "expr" (printf "loco_instance_ready{%s} == 0" $emulators)
  "summary" (printf "%s shows no usable picture." $instance)) }}
{{ include "loco.alert" (dict "name" "LocoInstanceUnhealthy" "for" "2m" "severity" "critical"
  "expr" (printf "loco_instance_verdict{%s,verdict=\"unhealthy\"} == 1" $emulators)
  "summary" (printf "The agent says that %s is unhealthy; its /health says why." $instance)) }}
{{ include "loco.alert" (dict "name" "LocoInstanceRestarts" "for" "0m" "severity" "warning"
  "expr" (printf "changes(process_start_time_seconds{%s}[30m]) > 3" $emulators)
  "summary" (printf "{{ $labels.pod }} of %s was restarted {{ $value }} times in half an hour." $fleet)) }}
{{ include "loco.alert" (dict "name" "LocoGuestResets" "for" "0m" "severity" "warning"
  "expr" (printf "increase(loco_guest_resets_total{%s}[30m]) > 3" $emulators)
  "summary" (printf "The guest of %s was reset more than three times in half an hour." $instance)) }}
{{ include "loco.alert" (dict "name" "LocoQmpSlow" "for" "10m" "severity" "warning"
  "expr" (printf "histogram_quantile(0.95, sum by (le, pod) (rate(loco_qmp_request_duration_seconds_bucket{%s}[5m]))) > 1" $emulators)
  "summary" (printf "QEMU of {{ $labels.pod }} of %s takes more than a second to answer one command in twenty." $fleet)) }}
{{ include "loco.alert" (dict "name" "LocoAgentDown" "for" "2m" "severity" "critical"
  "expr" (printf "up{%s} == 0" $emulators)
  "summary" (printf "The agent of {{ $labels.pod }} of %s does not answer." $fleet)) }}
{{- if gt (int .Values.replicas) 0 }}
{{ include "loco.alert" (dict "name" "LocoInstancesMissing" "for" "10m" "severity" "critical"
  "expr" (printf "(count(up{%s}) or vector(0)) < %d" $emulators (int .Values.replicas))
  "summary" (printf "{{ $value }} of %d emulators of %s have a pod." (int .Values.replicas) $fleet)) }}
{{- end }}
{{- range $component := list "backend" "hub" }}
{{- if (index $.Values $component).enabled }}
{{ include "loco.alert" (dict "name" (printf "Loco%sDown" (title $component)) "for" "2m" "severity" "critical"
  "expr" (printf "up{namespace=%q,service=%q} == 0" $.Release.Namespace (include "loco.name" (dict "root" $ "component" $component)))
  "summary" (printf "The %s of %s does not answer." $component $fleet)) }}
{{- end }}
{{- end }}
{{- end -}}
