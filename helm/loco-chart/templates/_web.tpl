{{/*
A front end: pages, and the way of a browser to the backend. The 2D and the VR front end are two builds of one image, so they are deployed alike.
Takes (dict "root" $ "component" "vr" "values" .Values.vr).
*/}}
{{- define "loco.web" -}}
{{- $root := .root -}}
{{- $scope := merge (dict "replicas" .values.replicas "strategy" "RollingUpdate" "readsInstances" true "probePort" "http" "token" false "serviceAccount" (include "loco.name" .)) . -}}
{{- $_ := set $scope "own" (list "BACKEND_HOST" "BACKEND_PORT" "FRONTEND_PORT") -}}
{{ include "loco.deployment" $scope }}
    spec:
      {{- include "loco.podSpec" $scope | nindent 6 }}
      containers:
        - name: {{ .component }}
          {{- include "loco.container" $scope | nindent 10 }}
          env:
            - name: BACKEND_HOST
              value: {{ include "loco.name" (dict "root" $root "component" "backend") }}
            - name: BACKEND_PORT
              value: {{ $root.Values.backend.servicePort | quote }}
            - name: FRONTEND_PORT
              value: "3000"
            {{- with include "loco.env" $scope | trim }}
            {{- . | nindent 12 }}
            {{- end }}
          ports:
            - name: http
              containerPort: 3000
          volumeMounts:
            - name: config
              mountPath: /usr/share/nginx/html/config
              readOnly: true
            - name: tmp
              mountPath: /tmp
      volumes:
        - name: config
          configMap:
            name: {{ include "loco.instances.name" $root }}
        - name: tmp
          emptyDir:
            sizeLimit: 64Mi
---
{{ include "loco.httpService" . }}
---
{{ include "loco.idleAccount" . }}
{{- end -}}
