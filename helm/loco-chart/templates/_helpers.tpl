{{/* Names and labels. src/contracts/names.ts says the same for the rest of the project; a test compares them. */}}

{{- define "loco.fullname" -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* The controller puts `<StatefulSet>-<hash of ten>` into a label, and a label ends at 63 characters: pods of a longer name are never made. */}}
{{- define "loco.emulator.name" -}}
{{- $name := printf "%s-emulator" (include "loco.fullname" .) -}}
{{- if gt (len $name) 52 -}}
{{- fail (printf "The release name %s is too long: it may have 38 characters, so that the pods of %s can carry their labels." .Release.Name $name) -}}
{{- end -}}
{{- $name -}}
{{- end -}}

{{/* What never changes in the life of a release: for selectors, pods and claim templates, whose labels the API server does not let change. */}}
{{- define "loco.emulator.selectorLabels" -}}
app.kubernetes.io/name: lego-loco-emulator
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: emulator
app.kubernetes.io/part-of: lego-loco-cluster
{{- end -}}

{{/* Version and chart stay off the pods: a chart that changes nothing in a pod must not make it look outdated. */}}
{{- define "loco.emulator.podLabels" -}}
{{ include "loco.emulator.selectorLabels" . }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app: {{ include "loco.emulator.name" . }}
{{- end -}}

{{- define "loco.emulator.labels" -}}
{{ include "loco.emulator.selectorLabels" . }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end -}}

{{- define "loco.emulator.image" -}}
{{- if eq .Values.emulator.tag "latest" -}}
{{- fail "emulator.tag is latest, which hides which build runs and lets nodes run different ones. Give a tag that names one build, or leave it empty for the chart's appVersion." -}}
{{- end -}}
{{- with .Values.imageRepo }}{{ trimSuffix "/" . }}/{{ end -}}
{{ .Values.emulator.image }}:{{ .Values.emulator.tag | default .Chart.AppVersion }}
{{- end -}}
