{{- define "valify-proxy.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* The release's name, with the chart's behind it unless it is in there. 55 characters leave room for "-metrics" in 63. */}}
{{- define "valify-proxy.fullname" -}}
{{- $name := include "valify-proxy.name" . }}
{{- $joined := contains $name .Release.Name | ternary .Release.Name (printf "%s-%s" .Release.Name $name) }}
{{- default $joined .Values.fullnameOverride | trunc 55 | trimSuffix "-" }}
{{- end }}

{{/* What a selector matches: it cannot be changed after an installation, so no version here. */}}
{{- define "valify-proxy.selectorLabels" -}}
app.kubernetes.io/name: {{ include "valify-proxy.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "valify-proxy.labels" -}}
{{ include "valify-proxy.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "valify-proxy.serviceAccountName" -}}
{{- .Values.serviceAccount.create | ternary (include "valify-proxy.fullname" .) "default" | default .Values.serviceAccount.name }}
{{- end }}

{{/* What is mounted of a Secret, by the keys of secretKeys. */}}
{{- define "valify-proxy.secretItems" -}}
- key: {{ .username }}
  path: username
- key: {{ .password }}
  path: password
- key: {{ .clientId }}
  path: client-id
- key: {{ .clientSecret }}
  path: client-secret
{{- end }}

{{/* The Secret's name, or why the chart cannot go on without one. */}}
{{- define "valify-proxy.secretName" -}}
{{- if not .Values.existingSecret }}
{{- $keys := .Values.secretKeys }}
{{- fail (printf "\n\nexistingSecret must name a Secret that holds your Valify credentials: there is no default, unless every account stands in profiles.\nPut each of the four into a file and run\n\n  kubectl -n %s create secret generic valify-credentials --from-file=%s --from-file=%s --from-file=%s --from-file=%s\n\nthen add --set existingSecret=valify-credentials" .Release.Namespace $keys.username $keys.password $keys.clientId $keys.clientSecret) }}
{{- end }}
{{- .Values.existingSecret }}
{{- end }}
