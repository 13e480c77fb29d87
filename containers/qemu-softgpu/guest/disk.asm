; The counters on our own disk: one record in a reserved sector, written by PIO about once a second.
;
; Nothing here waits for the disk: a write is started at one tick and looked after at the next ones, so that a slow host never stops the train.

ATA_DATA        equ 0x1f0
ATA_COUNT       equ 0x1f2
ATA_LBA0        equ 0x1f3
ATA_DRIVE       equ 0x1f6
ATA_COMMAND     equ 0x1f7       ; status when read
ATA_CONTROL     equ 0x3f6       ; status without side effect when read

ATA_BUSY        equ 0x80
ATA_FAULT       equ 0x20
ATA_DRQ         equ 0x08
ATA_ERROR       equ 0x01

ATA_READ        equ 0x20
ATA_WRITE       equ 0x30
ATA_FLUSH       equ 0xe7

DISK_IDLE       equ 0
DISK_WRITING    equ 1
DISK_FLUSHING   equ 2

DISK_OK         equ 0x10        ; in [disk_flags]: the last write is known to be done
DISK_PATIENCE   equ 10 * TICKS_PER_SECOND
FLUSH_EVERY     equ 16          ; writes.  The first is flushed at once: then qcow2 has its cluster, and later writes go in place

RECORD_MAGIC_1  equ 'LOCO'
RECORD_MAGIC_2  equ 'DISK'

struc record
    .magic1     resd 1
    .magic2     resd 1
    .boots      resd 1
    .seconds    resd 1
    .crc        resd 1          ; of the 16 bytes before
endstruc

; Reads the record.  A first boot, a strange record or no disk begins at zero.
disk_load:
    mov dx, ATA_CONTROL
    mov al, 2                   ; no interrupts from the drive, please
    out dx, al
    call disk_wait_ready
    jc .none
    mov al, ATA_READ
    call disk_command
    call disk_wait_data
    jc .none
    mov dx, ATA_DATA
    mov edi, sector
    mov ecx, 256
    rep insw
    mov byte [disk_present], 1
    cmp dword [sector + record.magic1], RECORD_MAGIC_1
    jne .none
    cmp dword [sector + record.magic2], RECORD_MAGIC_2
    jne .none
    mov esi, sector
    mov ecx, record.crc
    call crc16
    movzx eax, ax
    cmp eax, [sector + record.crc]
    jne .none
    mov eax, [sector + record.boots]
    mov [boots], eax
    mov eax, [sector + record.seconds]
    mov [seconds], eax
    mov [saved_seconds], eax
.none:
    inc dword [boots]
    mov byte [save_wanted], 1
    ret

; Looks after the disk, once a tick.
disk_tick:
    cmp byte [disk_present], 0
    je .out
    mov dx, ATA_CONTROL
    in al, dx
    cmp byte [disk_state], DISK_IDLE
    je .idle
    test al, ATA_BUSY
    jz .answered
    dec dword [disk_patience]
    jnz .out
    jmp .failed
.answered:
    test al, ATA_ERROR | ATA_FAULT
    jnz .failed
    cmp byte [disk_state], DISK_FLUSHING
    je .done
    mov eax, [writing_seconds]
    mov [saved_seconds], eax
    or byte [disk_flags], DISK_OK
    mov byte [panel_changed], 1
    dec dword [until_flush]
    jns .done
    mov dword [until_flush], FLUSH_EVERY - 1
    mov al, ATA_FLUSH
    call disk_command
    mov al, DISK_FLUSHING
    jmp .begin
.done:
    mov byte [disk_state], DISK_IDLE
.out:
    ret
.idle:
    cmp byte [save_wanted], 0
    je .out
    test al, ATA_BUSY | ATA_DRQ
    jnz .out                    ; not yet; the wish stays
    mov byte [save_wanted], 0
    call disk_fill_record
    mov al, ATA_WRITE
    call disk_command
    call disk_wait_data
    jc .failed
    mov dx, ATA_DATA
    mov esi, sector
    mov ecx, 256
    rep outsw
    mov al, DISK_WRITING
.begin:
    mov [disk_state], al
    mov dword [disk_patience], DISK_PATIENCE
    ret
.failed:                        ; said on the panel and in the strip; the next second tries again
    and byte [disk_flags], ~DISK_OK
    mov byte [panel_changed], 1
    mov byte [disk_state], DISK_IDLE
    ret

disk_fill_record:
    mov edi, sector
    xor eax, eax
    mov ecx, 128
    rep stosd
    mov dword [sector + record.magic1], RECORD_MAGIC_1
    mov dword [sector + record.magic2], RECORD_MAGIC_2
    mov eax, [boots]
    mov [sector + record.boots], eax
    mov eax, [seconds]
    mov [sector + record.seconds], eax
    mov [writing_seconds], eax
    mov esi, sector
    mov ecx, record.crc
    call crc16
    mov [sector + record.crc], ax
    ret

; al = command on the record's sector of the first drive
disk_command:
    push eax
    mov dx, ATA_DRIVE
    mov al, 0xe0 | (RECORD_SECTOR >> 24)
    out dx, al
    mov dx, ATA_COUNT
    mov al, 1
    out dx, al
    inc edx
    mov al, RECORD_SECTOR & 0xff
    out dx, al
    inc edx
    mov al, (RECORD_SECTOR >> 8) & 0xff
    out dx, al
    inc edx
    mov al, (RECORD_SECTOR >> 16) & 0xff
    out dx, al
    mov dx, ATA_COMMAND
    pop eax
    out dx, al
    ret

; Carry set: no drive, or it stays busy.  Only at start, where the timer already runs.
disk_wait_ready:
    mov ebx, [ticks]
    add ebx, 2 * TICKS_PER_SECOND
    mov dx, ATA_CONTROL
.look:
    in al, dx
    inc al
    jz .none                    ; 0xff: an empty bus
    dec al
    jz .none
    test al, ATA_BUSY
    jz .ready
    cmp [ticks], ebx
    jb .look
.none:
    stc
    ret
.ready:
    clc
    ret

; Carry set: the drive refuses.  It answers a write within its next status reads; a read may take as long as the host's disk does.
disk_wait_data:
    mov ebx, [ticks]
    add ebx, 5 * TICKS_PER_SECOND
    mov dx, ATA_CONTROL
.look:
    in al, dx
    test al, ATA_BUSY
    jnz .later
    test al, ATA_ERROR | ATA_FAULT
    jnz .refused
    test al, ATA_DRQ
    jnz .data
.later:
    cmp [ticks], ebx
    jb .look
.refused:
    stc
    ret
.data:
    clc
    ret
