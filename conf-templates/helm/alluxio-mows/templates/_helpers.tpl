{{/* What the objects of this chart are called. */}}
{{- define "mows.name" -}}
{{- .Values.fullnameOverride | default .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "mows.selector" -}}
app.kubernetes.io/name: alluxio-mows
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "mows.labels" -}}
{{ include "mows.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end -}}

{{/* A size such as 64Gi in MiB; values.schema.json lets in no other units. */}}
{{- define "mows.mib" -}}
{{- $unit := . | regexFind "[MGT]i$" -}}
{{- $number := . | trimSuffix $unit | int64 -}}
{{- if eq $unit "Ti" }}{{ mul $number 1048576 }}{{ else if eq $unit "Gi" }}{{ mul $number 1024 }}{{ else }}{{ $number }}{{ end -}}
{{- end -}}

{{/* The tmpfs of the models, in MiB: what blocks that are being written may take comes on top. */}}
{{- define "mows.memory.tmpfs" -}}
{{- add (include "mows.mib" .ramdisk | int64) (include "mows.mib" .spare | int64) -}}
{{- end -}}

{{/* All that a worker may use, in MiB. */}}
{{- define "mows.memory.sum" -}}
{{- $java := add (include "mows.mib" .heap | int64) (include "mows.mib" .directMemory | int64) (include "mows.mib" .reserve | int64) -}}
{{- add (include "mows.memory.tmpfs" . | int64) $java -}}
{{- end -}}

{{/* The limit of a worker's memory: what is given, if all the rest fits into it, or the sum. */}}
{{- define "mows.memory.limit" -}}
{{- $sum := include "mows.memory.sum" .memory | int64 -}}
{{- if .memory.limit -}}
{{- $limit := include "mows.mib" .memory.limit | int64 -}}
{{- if lt $limit $sum -}}
{{- fail (printf "%s.limit is %s (%d Mi), but ramdisk + spare + heap + directMemory + reserve are %d Mi: the kernel would kill the worker when its memory is full. Raise the limit, leave it empty, or make the others smaller by %d Mi." .at .memory.limit $limit $sum (sub $sum $limit)) -}}
{{- end -}}
{{- .memory.limit -}}
{{- else -}}
{{- printf "%dMi" $sum -}}
{{- end -}}
{{- end -}}

{{- define "mows.resources" -}}
requests:
  cpu: {{ .cpu.request | quote }}
  memory: {{ include "mows.memory.limit" . }}
limits:
  {{- with .cpu.limit }}
  cpu: {{ . | quote }}
  {{- end }}
  memory: {{ include "mows.memory.limit" . }}
{{- end -}}

{{/* Where the directory of who has what is kept: on three warm-up workers, or on whoever runs longest. */}}
{{- define "mows.locators" -}}
{{- if and .Values.warmup.enabled (ge (int .Values.warmup.replicas) 3) -}}
{{- $name := printf "%s-warmup" (include "mows.name" .) -}}
{{- $addresses := list -}}
{{- range $i := until 3 -}}
{{- $addresses = append $addresses (printf "%s-%d.%s.%s.svc:29990" $name $i $name $.Release.Namespace) -}}
{{- end -}}
{{- join "," $addresses -}}
{{- else -}}
auto
{{- end -}}
{{- end -}}

{{/* The secret of the workers; empty: the one that the master keeps. */}}
{{- define "mows.secret" -}}
{{- if and .Values.security.existingSecret .Values.security.secrets -}}
{{- fail "security.existingSecret and security.secrets exclude each other: the workers take one file" -}}
{{- end -}}
{{- if .Values.security.secrets -}}{{ include "mows.name" . }}-secret{{- else -}}{{ .Values.security.existingSecret }}{{- end -}}
{{- end -}}

{{/* The lines of alluxio-site.properties that all workers share. */}}
{{- define "mows.properties" -}}
alluxio.master.hostname={{ .Values.master.host }}
alluxio.master.rpc.port={{ .Values.master.port }}
alluxio.worker.tieredstore.level0.alias=MEM
alluxio.worker.tieredstore.level0.dirs.path=/models-memory
alluxio.mows.paths={{ .Values.paths.accelerated }}
alluxio.mows.locator.addresses={{ include "mows.locators" . }}
{{- if include "mows.secret" . }}
alluxio.mows.security.secret.file=/etc/mows/secret/secret
{{- end }}
{{- if .Values.security.tlsSecret }}
alluxio.mows.security.tls.enabled=true
alluxio.mows.security.tls.certificate.file=/etc/mows/tls/tls.crt
alluxio.mows.security.tls.key.file=/etc/mows/tls/tls.key
alluxio.mows.security.tls.trust.file=/etc/mows/tls/ca.crt
{{- end }}
{{- end -}}

{{/* Properties of the user's, last, so that they count: {properties, at}. */}}
{{- define "mows.extra" -}}
{{- range $key, $value := .properties }}
{{- if has $key (include "mows.own" $ | fromYamlArray) }}
{{- fail (printf "%s names %s, which follows from other values of the chart: set those" $.at $key) }}
{{- end }}
{{ $key }}={{ kindIs "string" $value | ternary $value (toJson $value) }}
{{- end }}
{{- end -}}

{{/* What the chart works out, so that it fits the pod. */}}
{{- define "mows.own" -}}
- alluxio.worker.ramdisk.size
- alluxio.worker.tieredstore.level0.dirs.path
- alluxio.worker.tieredstore.level0.dirs.quota
- alluxio.worker.hostname
- alluxio.worker.rpc.port
- alluxio.worker.web.port
- alluxio.worker.fuse.enabled
- alluxio.fuse.mount.point
- alluxio.mows.role
- alluxio.mows.data.port
- alluxio.mows.locator.addresses
{{- end -}}

{{- define "mows.jar" -}}
/opt/mows/alluxio-mows-{{ .Values.jar.version }}.jar
{{- end -}}

{{/* The environment of a worker: {root, memory, host}. */}}
{{- define "mows.env" -}}
- name: HOST
  {{- .host | nindent 2 }}
- name: ALLUXIO_CLASSPATH
  value: {{ include "mows.jar" .root }}
# Alluxio's scripts would name a directory of their own otherwise.
- name: ALLUXIO_RAM_FOLDER
  value: /models-memory
- name: ALLUXIO_WORKER_JAVA_OPTS
  value: >-
    -Xmx{{ include "mows.mib" .memory.heap }}m
    -XX:MaxDirectMemorySize={{ include "mows.mib" .memory.directMemory }}m
    -XX:SharedArchiveFile=/opt/mows/worker.jsa
    -cp {{ include "mows.jar" .root }}:/opt/alluxio/assembly/alluxio-server-2.9.6.jar
- name: ALLUXIO_JAVA_OPTS
  value: >-
    --add-opens=java.base/java.lang=ALL-UNNAMED
    --add-opens=java.base/java.nio=ALL-UNNAMED
    --add-opens=java.base/sun.nio.ch=ALL-UNNAMED
    --add-opens=java.base/java.util=ALL-UNNAMED
    -Dalluxio.worker.hostname=$(HOST)
{{- end -}}

{{- define "mows.ports" -}}
- name: rpc
  containerPort: 29999
- name: web
  containerPort: 30000
- name: mows-data
  containerPort: 29991
- name: mows-locator
  containerPort: 29990
{{- end -}}

{{/* Huge pages for the models: a file system in memory has none by itself. Without them all works. */}}
{{- define "mows.hugepages" -}}
lifecycle:
  postStart:
    exec:
      command: [sh, -c, "mount -o remount,huge=within_size /models-memory || true"]
{{- end -}}

{{/* What every worker mounts: {root, config}. */}}
{{- define "mows.mounts" -}}
- name: memory
  mountPath: /models-memory
- name: config
  mountPath: /opt/alluxio/conf/alluxio-site.properties
  subPath: {{ .config }}
  readOnly: true
{{- if eq .root.Values.jar.from "init" }}
- name: jar
  mountPath: /opt/mows
{{- end }}
{{- if include "mows.secret" .root }}
- name: secret
  mountPath: /etc/mows/secret
  readOnly: true
{{- end }}
{{- if .root.Values.security.tlsSecret }}
- name: tls
  mountPath: /etc/mows/tls
  readOnly: true
{{- end }}
{{- end -}}

{{/* The volumes of these: {root, memory}. */}}
{{- define "mows.volumes" -}}
- name: memory
  emptyDir:
    medium: Memory
    sizeLimit: {{ include "mows.memory.tmpfs" .memory }}Mi
- name: config
  configMap:
    name: {{ include "mows.name" .root }}-config
{{- if eq .root.Values.jar.from "init" }}
- name: jar
  emptyDir: {}
{{- end }}
{{- with include "mows.secret" .root }}
- name: secret
  secret:
    secretName: {{ . }}
    # Readable by its owner alone, else the worker refuses it.
    defaultMode: 0400
{{- end }}
{{- with .root.Values.security.tlsSecret }}
- name: tls
  secret:
    secretName: {{ . }}
    defaultMode: 0400
{{- end }}
{{- end -}}

{{- define "mows.init" -}}
{{- if eq .Values.jar.from "init" -}}
initContainers:
  - name: jar
    image: {{ .Values.jar.image }}
    imagePullPolicy: {{ .Values.image.pullPolicy }}
    command: [cp, {{ include "mows.jar" . }}, /mows/]
    volumeMounts:
      - name: jar
        mountPath: /mows
{{- end }}
{{- end -}}

{{- define "mows.annotations" -}}
checksum/config: {{ include (print $.Template.BasePath "/configmap.yaml") . | sha256sum }}
{{- if .Values.security.secrets }}
checksum/secret: {{ join "\n" .Values.security.secrets | sha256sum }}
{{- end }}
{{- if .Values.metrics.annotations }}
prometheus.io/scrape: "true"
prometheus.io/port: "30000"
prometheus.io/path: /metrics/prometheus/
{{- end }}
{{- with .Values.podAnnotations }}
{{ toYaml . }}
{{- end }}
{{- end -}}
