{{/* Pieces of the NetworkPolicies. */}}

{{/* A policy for the pods of a component: (dict "root" $ "component" "backend" "ingress" RULES "egress" RULES), rules as the templates below give them. */}}
{{- define "loco.policy" -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "loco.name" . }}
  namespace: {{ .root.Release.Namespace | quote }}
  labels:
    {{- include "loco.labels" . | nindent 4 }}
spec:
  podSelector:
    matchLabels:
      {{- include "loco.selectorLabels" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
  {{- range $way := list "ingress" "egress" }}
  {{- with index $ $way | trim }}
  {{ $way }}:
    {{- . | nindent 4 }}
  {{- else }}
  {{ $way }}: []
  {{- end }}
  {{- end }}
{{- end -}}

{{/*
The way from or to other pods of this release: (dict "root" $ "way" "from" "components" (list "backend") "port" 8080). What is not deployed is left out; without
anybody left there is no rule at all, because one without peers would mean everybody. "prometheus" true lets Prometheus in, where it is asked to look;
"game" true adds the ports of the game.
*/}}
{{- define "loco.policy.rule" -}}
{{- $deployed := dict "emulator" true "test" .root.Values.helmTest.enabled -}}
{{- range list "hub" "backend" "frontend" "vr" -}}
{{- $_ := set $deployed . (index $.root.Values .).enabled -}}
{{- end -}}
{{- $peers := list -}}
{{- range .components -}}
{{- if get $deployed . -}}
{{- $labels := include "loco.selectorLabels" (dict "root" $.root "component" .) | fromYaml -}}
{{- $peers = append $peers (dict "podSelector" (dict "matchLabels" $labels)) -}}
{{- end -}}
{{- end -}}
{{- if and .prometheus .root.Values.monitoring.enabled -}}
{{- $labels := dict "kubernetes.io/metadata.name" (toString .root.Values.monitoring.namespace) -}}
{{- $peers = append $peers (dict "namespaceSelector" (dict "matchLabels" $labels)) -}}
{{- end -}}
{{- with $peers }}
- {{ $.way }}:
    {{- toYaml . | nindent 4 }}
  ports:
    {{- with $.port }}
    - port: {{ . }}
      protocol: TCP
    {{- end }}
    {{- if $.game }}
    {{- include "loco.policy.gamePorts" $.root | nindent 4 }}
    {{- end }}
{{- end }}
{{- end -}}

{{/* Ports of the game, for what a hub passes on outside of its frames: DirectPlay's list of sessions, DirectPlay from its first port on, and names. */}}
{{- define "loco.policy.gamePorts" -}}
{{- $game := .Values.networkPolicy.gamePorts -}}
- port: {{ $game.directPlayDiscovery }}
  protocol: TCP
{{- range $protocol := list "TCP" "UDP" }}
- port: {{ $game.directPlay }}
  endPort: {{ add $game.directPlay 100 }}
  protocol: {{ $protocol }}
{{- if $game.netbios.enabled }}
{{- range $game.netbios.ports }}
- port: {{ . }}
  protocol: {{ $protocol }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* TCP ports without peers: from or to anywhere. */}}
{{- define "loco.policy.anywhere" }}
- ports:
    {{- range . }}
    - port: {{ . }}
      protocol: TCP
    {{- end }}
{{- end -}}

{{/* To anywhere, because the cluster's DNS may be pods, a process on each node, or an address outside. */}}
{{- define "loco.policy.dns" }}
- ports:
    - port: 53
      protocol: UDP
    - port: 53
      protocol: TCP
{{- end -}}
