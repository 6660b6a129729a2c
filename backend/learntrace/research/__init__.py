"""What a school hands to researchers: play without who played."""
