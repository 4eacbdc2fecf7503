# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
#
# What belongs to a sensor: train.sh and results.sh read it with `.`.

# sensor NAME: sets architecture; recipe, rest and scale of mxperturb; steps of a
# training, and epochs, which are about so many steps of all training examples;
# options of mxtrainsink; source and pad, properties of mxdatasetsrc; folds, the test
# people of each.  Mean (rest) and standard deviation (scale) are those of each channel
# over all training people, in the unit of the recordings.
sensor() {
  architecture=$PWD/models/$1.json
  source=split=train steps=300
  recipe=$1 rest= scale= pad= options= folds=
  case $1 in
    digits)
      recipe=speech source= epochs=13 steps=400 pad=pad-to=1000000000
      folds="george,jackson lucas,nicolas theo,yweweler"
      ;;
    speech) epochs=20 ;;
    activity)
      recipe=motion epochs=6
      folds="s04,s10,s13,s16,s22,s30 s01,s06,s11,s17,s23,s27 s03,s07,s14,s19,s25,s29"
      rest="<0.8072,0.03831,0.08405,0.005724,-0.003992,-0.008186>"
      scale="<0.4153,0.4038,0.3458,0.412,0.4177,0.2622>"
      ;;
    ecg)
      epochs=6 steps=200
      rest="<-0.03646,-0.01852>"
      scale="<0.0516,0.0516>"
      ;;
    emg)
      epochs=26 options=learning-rate=.002
      rest="<0,0,0,0,0,0,0,0>"
      scale="<.1645,.1645,.1645,.1645,.1645,.1645,.1645,.1645>"
      ;;
    *)
      echo "$0: no sensor is called $1: digits, speech, activity, ecg or emg" >&2
      exit 2
      ;;
  esac
}

# perturbed RECIPE [property=value ...]: mxperturb, knowing the sensor.
perturbed() {
  echo mxperturb recipe="$@" ${rest:+rest=$rest} ${scale:+scale=$scale}
}

# spoilt NAME: a line for each way to spoil a recording: what it is called, and the
# filter.  Where the recipe has amplitudes of the same kind, these are twice its
# largest (noise-12 of emg: its largest).  SPOIL, in the environment: one more, its name
# and properties of mxperturb.
spoilt() {
  white="noise-probability=1 noise-white=1 noise-pink=0 noise-brown=0"
  pink="noise-probability=1 noise-white=0 noise-pink=1 noise-brown=0"
  case $1 in
    digits | speech)
      echo white-10 "$(perturbed none $white snr-low=10 snr-high=10)"
      echo white-0 "$(perturbed none $white snr-low=0 snr-high=0)"
      echo pink-10 "$(perturbed none $pink snr-low=10 snr-high=10)"
      ;;
    activity)
      echo noise-5 "$(perturbed none $white snr-low=5 snr-high=5)"
      echo lost-2 "$(perturbed none drop-probability=.3333)"
      echo rotated-20 "$(perturbed none rotation-probability=1 rotation=20)"
      ;;
    ecg)
      echo wander "$(perturbed none wander-probability=1 wander=1.9)"
      echo hum "$(perturbed none hum-probability=1 hum=.56)"
      echo motion "$(perturbed none motion-probability=1 motion=1.14)"
      echo noise-10 "$(perturbed none $white snr-low=10 snr-high=10)"
      echo lost-1 "$(perturbed none drop-probability=1)"
      ;;
    emg)
      echo noise-12 "$(perturbed none $white snr-low=12 snr-high=12)"
      echo noise-6 "$(perturbed none $white snr-low=6 snr-high=6)"
      echo hum "$(perturbed none hum-probability=1 hum=1)"
      echo lost-1 "$(perturbed none drop-probability=.125)"
      ;;
  esac
  [ -z "${SPOIL:-}" ] || echo "${SPOIL%% *}" "$(perturbed none ${SPOIL#* })"
}
