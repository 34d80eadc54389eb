# SPDX-License-Identifier: GPL-2.0-only
# Writes compat/probed.h: one ORIEL_HAVE_<NAME> for each probes/<name>.c that
# compiles against the kernel at hand and calls nothing that the kernel keeps for
# itself. No version number is looked at.

oriel-probes := $(sort $(wildcard $(src)/compat/probes/*.c))

oriel-probe-flags = $(NOSTDINC_FLAGS) $(LINUXINCLUDE) $(KBUILD_CPPFLAGS) $(KBUILD_CFLAGS) \
		    $(KBUILD_CFLAGS_KERNEL) $(KBUILD_CFLAGS_MODULE) $(CFLAGS_MODULE) \
		    -DMODULE -DKBUILD_MODNAME='"probe"' -DKBUILD_BASENAME='"probe"'

quiet_cmd_oriel_probe = PROBE   $@
      cmd_oriel_probe = $(CONFIG_SHELL) $(src)/compat/probe.sh $@ $(src)/compat/probes \
			$(objtree)/Module.symvers $(NM) $(CC) $(oriel-probe-flags)

targets += compat/probed.h
$(obj)/compat/probed.h: $(src)/compat/probe.sh $(oriel-probes) \
			$(objtree)/include/generated/autoconf.h FORCE
	$(call if_changed,oriel_probe)

clean-files += compat/probed.h
