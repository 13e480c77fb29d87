; Loco demo guest: a whole machine's worth of software in one file, made by
;   nasm -f bin -o demo.img main.asm
; The image is a raw disk.  README.md says what it does and how a test reads it.

%include "layout.inc"

org LOAD_ADDRESS

%include "boot.asm"             ; real mode, sector 0 first
%include "interrupts.asm"
%include "draw.asm"
%include "screen.asm"
%include "art.inc"
%include "scenery.asm"
%include "clouds.asm"
%include "train.asm"
%include "panel.asm"
%include "text.asm"
%include "checksum.asm"
%include "instance.asm"
%include "disk.asm"
%include "ps2.asm"
%include "keyboard.asm"
%include "mouse.asm"
%include "strip.asm"

MAX_STEPS       equ 5           ; a machine that was paused goes on from where it was, it does not race

main:
    mov word [mouse_x], SCREEN_W / 2
    mov word [mouse_y], 330
    call interrupts_init
    call ps2_init
    call keyboard_init
    call instance_read
    sti
    call disk_load
    call sine_init
    call train_init
    call scenery_draw
    mov esi, BACKGROUND
    mov edi, CANVAS
    mov ecx, SCREEN_PIXELS / 2
    rep movsd
    mov byte [panel_changed], 1
    mov byte [echo_changed], 1
    mov byte [clouds_changed], 1
    call frame_draw
    call present_all

main_loop:
    cli
    mov eax, [ticks]
    cmp eax, [seen_ticks]
    jne .tick
    mov ebx, [key_ring_in]
    cmp ebx, [key_ring_out]
    jne .keys
    sti                         ; takes effect after the next instruction: no interrupt slips between look and halt
    hlt
    jmp main_loop
.keys:
    sti
    call keyboard_drain
    jmp main_loop
.tick:
    sti
    mov ecx, eax
    xchg eax, [seen_ticks]
    sub ecx, eax                ; ticks since the last frame
    call clock_advance
    cmp ecx, MAX_STEPS
    jbe .steps
    mov ecx, MAX_STEPS
.steps:
    push ecx
    call train_step
    call clouds_step
    pop ecx
    loop .steps
    call disk_tick
    call keyboard_drain
    call frame_draw
    jmp main_loop

; ecx = ticks gone by.  Keeps ecx.
clock_advance:
    mov eax, [second_ticks]
    add eax, ecx
.second:
    cmp eax, TICKS_PER_SECOND
    jb .out
    sub eax, TICKS_PER_SECOND
    inc dword [seconds]
    mov byte [save_wanted], 1
    jmp .second
.out:
    mov [second_ticks], eax
    ret

frame_draw:
    inc dword [frame]
    call panel_update
    call clouds_update
    call frame_begin
    call train_draw
    call mouse_draw
    call frame_end
    jmp strip_update

; --- end of code and data; the rest of the disk ---
IMAGE_CODE_SECTORS equ ($ - $$ + 511) / 512
%if IMAGE_CODE_SECTORS > 65     ; real mode reaches 0x10000, and this loads to 0x7c00
    %error the guest has outgrown its loader
%endif
    align 512, db 0
    times (IMAGE_SECTORS - IMAGE_CODE_SECTORS) * 512 / 8 dq 0

%include "variables.inc"
