{{/* What the Deployments of backend, front ends and hub have in common. All take (dict "root" $ "component" "backend" "values" .Values.backend). */}}

{{/* The Service of a workload with one port `http`: (… "targetPort" "http"). */}}
{{- define "loco.httpService" -}}
{{- if and .values.nodePort (ne .values.serviceType "NodePort") -}}
{{- fail (printf "%s.nodePort is %v, but %s.serviceType is %s, which has no port on the nodes. Set %s.serviceType to NodePort, or %s.nodePort to 0." .component .values.nodePort .component .values.serviceType .component .component) -}}
{{- end -}}
{{- if and .values.nodePort (lt (int .values.nodePort) 30000) -}}
{{- fail (printf "%s.nodePort is %v; ports of nodes are 30000 to 32767, and 0 lets the cluster choose." .component .values.nodePort) -}}
{{- end -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "loco.name" . }}
  namespace: {{ .root.Release.Namespace | quote }}
  labels:
    {{- include "loco.labels" . | nindent 4 }}
spec:
  type: {{ .values.serviceType }}
  selector:
    {{- include "loco.selectorLabels" . | nindent 4 }}
  ports:
    - name: http
      port: {{ .values.servicePort }}
      targetPort: http
      {{- if .values.nodePort }}
      nodePort: {{ .values.nodePort }}
      {{- end }}
{{- end -}}

{{/* The head of a Deployment, up to its pod's spec. */}}
{{- define "loco.deployment" -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "loco.name" . }}
  namespace: {{ .root.Release.Namespace | quote }}
  labels:
    {{- include "loco.labels" . | nindent 4 }}
spec:
  replicas: {{ .replicas }}
  revisionHistoryLimit: 3
  strategy:
    type: {{ .strategy }}
  selector:
    matchLabels:
      {{- include "loco.selectorLabels" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "loco.podLabels" . | nindent 8 }}
      annotations:
        kubectl.kubernetes.io/default-container: {{ .component }}
        {{- if .readsInstances }}
        # A file in a ConfigMap changes under a process that has read it already: other instances, other pods.
        checksum/instances: {{ include "loco.instances" .root | sha256sum }}
        {{- end }}
{{- end -}}

{{/* What stands in every pod's spec before its containers. */}}
{{- define "loco.podSpec" -}}
serviceAccountName: {{ .serviceAccount }}
automountServiceAccountToken: {{ .token }}
enableServiceLinks: false
terminationGracePeriodSeconds: {{ .values.terminationGracePeriodSeconds }}
{{- with include "loco.imagePullSecrets" .root }}
{{ . }}
{{- end }}
securityContext:
  {{- include "loco.podSecurity" .root | nindent 2 }}
{{ include "loco.placement" . | trim }}
{{- end -}}

{{/* What every container has but its environment, ports and volumes. */}}
{{- define "loco.container" -}}
image: {{ include "loco.image" . | quote }}
imagePullPolicy: {{ .values.imagePullPolicy }}
{{- with include "loco.probes" (dict "probes" .values.probes "port" .probePort) | trim }}
{{ . }}
{{- end }}
resources:
  {{- toYaml .values.resources | nindent 2 }}
securityContext:
  {{- include "loco.containerSecurity" .root | nindent 2 }}
terminationMessagePolicy: FallbackToLogsOnError
{{- end -}}

{{/* An account without a right, for pods that never speak with the API server. */}}
{{- define "loco.idleAccount" -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ include "loco.name" . }}
  namespace: {{ .root.Release.Namespace | quote }}
  labels:
    {{- include "loco.labels" . | nindent 4 }}
automountServiceAccountToken: false
{{- end -}}
