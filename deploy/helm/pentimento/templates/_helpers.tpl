{{- define "pentimento.fullname" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- /* Of one part: (dict "root" $ "part" "api"). */ -}}
{{- define "pentimento.selector" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .part }}
{{- if .set }}
pentimento/workers: {{ .set }}
{{- end }}
{{- end -}}

{{- define "pentimento.labels" -}}
{{ include "pentimento.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end -}}

{{- /* (dict "root" $ "name" "worker" "suffix" "-cpu") */ -}}
{{- define "pentimento.image" -}}
{{ .root.Values.image.repository }}/{{ .name }}:{{ .root.Values.image.tag | default .root.Chart.AppVersion }}{{ .suffix }}
{{- end -}}

{{- define "pentimento.redisUrl" -}}
{{- if .Values.redis.trial.enabled -}}
redis://{{ include "pentimento.fullname" . }}-redis:6379
{{- else -}}
{{ .Values.redis.url }}
{{- end -}}
{{- end -}}

{{- define "pentimento.storageUrl" -}}
{{- if .Values.storage.claim.enabled -}}
file:///data/storage
{{- else -}}
{{ .Values.storage.url }}
{{- end -}}
{{- end -}}

{{- define "pentimento.storageClaim" -}}
{{ .Values.storage.claim.existing | default (printf "%s-storage" (include "pentimento.fullname" .)) }}
{{- end -}}

{{- define "pentimento.modelsClaim" -}}
{{ .Values.models.claim.existing | default (printf "%s-models" (include "pentimento.fullname" .)) }}
{{- end -}}

{{- define "pentimento.podSecurity" -}}
runAsNonRoot: true
runAsUser: 1000
runAsGroup: 1000
fsGroup: 1000
fsGroupChangePolicy: OnRootMismatch
seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{- define "pentimento.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end -}}

{{- /* What pods of ours begin with. */ -}}
{{- define "pentimento.pod" -}}
serviceAccountName: {{ include "pentimento.fullname" . }}
automountServiceAccountToken: false
securityContext: {{- include "pentimento.podSecurity" . | nindent 2 }}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end -}}

{{- define "pentimento.placing" -}}
{{- with .nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "pentimento.envFrom" -}}
- configMapRef: { name: {{ include "pentimento.fullname" . }} }
- secretRef: { name: {{ .Values.secret }} }
{{- end -}}

{{- define "pentimento.env" -}}
{{- range $name, $value := . }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- end -}}

{{- /* A change of the settings starts the pods anew. */ -}}
{{- define "pentimento.podAnnotations" -}}
checksum/config: {{ include (print $.Template.BasePath "/config.yaml") . | sha256sum }}
{{- end -}}

{{- define "pentimento.workerProbes" -}}
startupProbe:
  httpGet: { path: /livez, port: health }
  periodSeconds: 2
  failureThreshold: 60
readinessProbe:
  httpGet: { path: /readyz, port: health }
  periodSeconds: 5
  timeoutSeconds: 5
livenessProbe:
  httpGet: { path: /livez, port: health }
  periodSeconds: 10
  timeoutSeconds: 5
{{- end -}}

{{- /* What all pods of ours mount. */ -}}
{{- define "pentimento.sharedMounts" -}}
- { name: tmp, mountPath: /tmp }
{{- if .Values.storage.claim.enabled }}
- { name: storage, mountPath: /data }
{{- end }}
{{- if .Values.redis.tls.secret }}
- { name: redis-tls, mountPath: /etc/redis-tls, readOnly: true }
{{- end }}
{{- end -}}

{{- define "pentimento.sharedVolumes" -}}
{{- if .Values.storage.claim.enabled }}
- name: storage
  persistentVolumeClaim: { claimName: {{ include "pentimento.storageClaim" . }} }
{{- end }}
{{- with .Values.redis.tls.secret }}
- name: redis-tls
  secret: { secretName: {{ . }}, defaultMode: 0440 }
{{- end }}
{{- end -}}
