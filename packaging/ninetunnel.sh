#!/bin/sh
# Starts ninetunnel where it is installed, with the Java machine that it brings.
bin=$(dirname -- "$(readlink -f -- "$0")")
lib=${bin%/bin}/lib/ninetunnel
java=$lib/runtime/bin/java
jar=$lib/ninetunnel.jar
cache=$lib/ninetunnel.aot
. "$lib/launch"
