/* common/core_type.h - the two kinds of AICore, as the handshake and the tasks encode them. */
#ifndef DAV_COMMON_CORE_TYPE_H
#define DAV_COMMON_CORE_TYPE_H

#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
enum class CoreType : int32_t { AIC = 0, AIV = 1 };
#define DAV_CORE_TYPE(name) CoreType::name
#else
typedef enum CoreType { CORE_TYPE_AIC = 0, CORE_TYPE_AIV = 1 } CoreType;
#define DAV_CORE_TYPE(name) CORE_TYPE_##name
#endif

/** core_type_from_string - "aiv" or "AIV" is the vector core; everything else, NULL included, the cube core. */
static inline CoreType core_type_from_string(const char *name)
{
    if (name && (strcmp(name, "aiv") == 0 || strcmp(name, "AIV") == 0))
        return DAV_CORE_TYPE(AIV);
    return DAV_CORE_TYPE(AIC);
}

/** core_type_to_string - "AIC", "AIV" or "UNKNOWN". */
static inline const char *core_type_to_string(CoreType type)
{
    return type == DAV_CORE_TYPE(AIC) ? "AIC" : type == DAV_CORE_TYPE(AIV) ? "AIV" : "UNKNOWN";
}

#endif
