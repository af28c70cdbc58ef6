# Copy into conf/alluxio-env.sh of every worker; Alluxio's scripts source it.

# The drop-in jar. It holds nothing that Alluxio ships, and a master or a client does not mind it.
MOWS_JAR="${MOWS_JAR:-${ALLUXIO_HOME}/mows/alluxio-mows-0.1.0.jar}"
ALLUXIO_CLASSPATH="${MOWS_JAR}${ALLUXIO_CLASSPATH:+:${ALLUXIO_CLASSPATH}}"

# What Alluxio 2.9 itself needs of JDK 17. JDK 11 accepts it too.
ALLUXIO_JAVA_OPTS="${ALLUXIO_JAVA_OPTS:-}"
ALLUXIO_JAVA_OPTS+=" --add-opens=java.base/java.lang=ALL-UNNAMED"
ALLUXIO_JAVA_OPTS+=" --add-opens=java.base/java.nio=ALL-UNNAMED"
ALLUXIO_JAVA_OPTS+=" --add-opens=java.base/sun.nio.ch=ALL-UNNAMED"
ALLUXIO_JAVA_OPTS+=" --add-opens=java.base/java.util=ALL-UNNAMED"

# An archive of the worker's classes (JDK 17): with it a process that has just started need not read, parse and
# verify them one by one. The worker writes the file itself, once it has read a model and nobody reads, and again
# after a new jar or JDK; its next start takes it. It holds classes of jars only, so the class path has no
# directory: Alluxio finds conf/ by its properties. Without the file, or with a wrong one, all works as before.
MOWS_ARCHIVE="${MOWS_ARCHIVE:-${ALLUXIO_HOME}/mows/worker.jsa}"
if [[ -n "${ALLUXIO_ASSEMBLY_SERVER_JAR:-}" ]]; then
  ALLUXIO_WORKER_JAVA_OPTS="${ALLUXIO_WORKER_JAVA_OPTS:-} -XX:SharedArchiveFile=${MOWS_ARCHIVE}"
  ALLUXIO_WORKER_JAVA_OPTS+=" -cp ${ALLUXIO_CLASSPATH}:${ALLUXIO_ASSEMBLY_SERVER_JAR}"
fi

# Where a worker has few cores (a container with a CPU limit): the second compiler of a JVM that has just
# started takes as much of them as the first gigabyte does. Not with an https:// origin or with
# alluxio.mows.security.tls.enabled: encryption needs it. Keep the memory options that the worker has had.
# ALLUXIO_WORKER_JAVA_OPTS+=" -Xmx4g -XX:MaxDirectMemorySize=4g -XX:TieredStopAtLevel=1"
