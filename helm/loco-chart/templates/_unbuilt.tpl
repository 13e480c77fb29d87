{{/*
Workloads whose image cannot be built yet. Their templates are whole and tested, but installing them would only give pods that wait for an image for ever;
so switching one on is refused with the reason (refusals.yaml). A release that brings an image takes its word off this list.
*/}}
{{- define "loco.unbuilt" -}}backend frontend vr hub{{- end -}}
