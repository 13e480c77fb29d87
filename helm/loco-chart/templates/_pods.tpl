{{/* What the pods of all workloads have in common. */}}

{{- define "loco.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "loco.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{- define "loco.imagePullSecrets" -}}
{{- with .Values.imagePullSecrets -}}
imagePullSecrets:
  {{- range . }}
  - name: {{ . | quote }}
  {{- end }}
{{- end -}}
{{- end -}}

{{/* One question of the kubelet: (dict "probe" … "port" "http"). */}}
{{- define "loco.probe" -}}
httpGet:
  path: {{ .probe.path }}
  port: {{ .port }}
initialDelaySeconds: {{ .probe.initialDelaySeconds }}
periodSeconds: {{ .probe.periodSeconds }}
timeoutSeconds: {{ .probe.timeoutSeconds }}
failureThreshold: {{ .probe.failureThreshold }}
{{- end -}}

{{/* The questions of the kubelet to a container: (dict "probes" … "port" "http"). Empty when all are switched off. */}}
{{- define "loco.probes" -}}
{{- if .probes.startup.enabled }}
startupProbe:
  {{- include "loco.probe" (dict "probe" .probes.startup "port" .port) | nindent 2 }}
{{- end }}
{{- if .probes.readiness.enabled }}
readinessProbe:
  {{- include "loco.probe" (dict "probe" .probes.readiness "port" .port) | nindent 2 }}
{{- end }}
{{- if .probes.liveness.enabled }}
livenessProbe:
  {{- include "loco.probe" (dict "probe" .probes.liveness "port" .port) | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Where the pods of a workload may run, and before whom: (dict "root" $ "component" "backend" "values" .Values.backend). */}}
{{- define "loco.placement" -}}
{{- with .values.priorityClassName }}
priorityClassName: {{ . | quote }}
{{- end }}
{{- with .values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "loco.selectorLabels" . | nindent 8 }}
{{- end -}}

{{/* Variables that a person adds. Those of the chart are refused: of two with one name, only the last would count. Takes `own`, the names that the chart sets. */}}
{{- define "loco.env" -}}
{{- range $name, $value := .values.env }}
{{- if has $name $.own -}}
{{- fail (printf "%s.env.%s is set by the chart itself. Use the value behind it, or delete the line." $.component $name) -}}
{{- end }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- end -}}
