{{/* Names and labels. src/contracts/names.ts says the same for the rest of the project; a test compares them. */}}

{{- define "loco.fullname" -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/*
The part of a release that an object belongs to is its component: emulator, backend, frontend, vr, hub; config, monitoring and test for what belongs to no workload.
The templates below take (dict "root" $ "component" "backend").
*/}}
{{- define "loco.name" -}}
{{- printf "%s-%s" (include "loco.fullname" .root) .component -}}
{{- end -}}

{{/* What never changes in the life of a release: for selectors, pods and claim templates, whose labels the API server does not let change. */}}
{{- define "loco.selectorLabels" -}}
app.kubernetes.io/name: lego-loco-{{ .component }}
app.kubernetes.io/instance: {{ .root.Release.Name | quote }}
app.kubernetes.io/component: {{ .component }}
app.kubernetes.io/part-of: lego-loco-cluster
{{- end -}}

{{/* Version and chart stay off the pods: a chart that changes nothing in a pod must not make it look outdated. */}}
{{- define "loco.podLabels" -}}
{{ include "loco.selectorLabels" . }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
app: {{ include "loco.name" . }}
{{- end -}}

{{- define "loco.labels" -}}
{{ include "loco.selectorLabels" . }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end -}}

{{/* The image of a workload. Takes its values too: (dict "root" $ "component" "backend" "values" .Values.backend). */}}
{{- define "loco.image" -}}
{{- if eq .values.tag "latest" -}}
{{- fail (printf "%s.tag is latest, which hides which build runs and lets nodes run different ones. Give a tag that names one build, or leave it empty for the chart's appVersion." .component) -}}
{{- end -}}
{{- with .root.Values.imageRepo }}{{ trimSuffix "/" . }}/{{ end -}}
{{ .values.image }}:{{ .values.tag | default .root.Chart.AppVersion }}
{{- end -}}

{{/* The controller puts `<StatefulSet>-<hash of ten>` into a label, and a label ends at 63 characters: pods of a longer name are never made. */}}
{{- define "loco.emulator.name" -}}
{{- $name := include "loco.name" (dict "root" . "component" "emulator") -}}
{{- if gt (len $name) 52 -}}
{{- fail (printf "The release name %s is too long: it may have 38 characters, so that the pods of %s can carry their labels." .Release.Name $name) -}}
{{- end -}}
{{- $name -}}
{{- end -}}

{{- define "loco.emulator.selectorLabels" -}}
{{- include "loco.selectorLabels" (dict "root" . "component" "emulator") -}}
{{- end -}}

{{- define "loco.emulator.podLabels" -}}
{{- include "loco.podLabels" (dict "root" . "component" "emulator") -}}
{{- end -}}

{{- define "loco.emulator.labels" -}}
{{- include "loco.labels" (dict "root" . "component" "emulator") -}}
{{- end -}}

{{- define "loco.emulator.image" -}}
{{- include "loco.image" (dict "root" . "component" "emulator" "values" .Values.emulator) -}}
{{- end -}}

{{/* Name of emulator `ordinal` in the cluster's DNS, through the headless Service. Without the domain of the cluster, which is not everywhere `cluster.local`. */}}
{{- define "loco.emulator.host" -}}
{{- $name := include "loco.emulator.name" .root -}}
{{- printf "%s-%d.%s.%s.svc" $name (int .ordinal) $name .root.Release.Namespace -}}
{{- end -}}
