// SPDX-License-Identifier: Apache-2.0
// A policy's YAML is read as every YAML here, in the strict dialect.
#pragma once

#include "engine/yaml/tree.h"
