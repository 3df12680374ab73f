"""What five revisions have come to: keys that were numbers and are UUIDs now."""
import uuid
from datetime import datetime, timezone
from typing import List, Optional

from sqlalchemy import DateTime
from sqlmodel import Column, Field, ForeignKey, Relationship, SQLModel


def now() -> datetime:
    return datetime.now(timezone.utc)


class MemberBase(SQLModel):
    email: str = Field(unique=True, index=True, max_length=255)
    is_active: bool = True
    is_admin: bool = False
    full_name: Optional[str] = Field(default=None, max_length=255)


class MemberCreate(MemberBase):
    password: str = Field(min_length=8, max_length=40)


class Member(MemberBase, table=True):
    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)
    hashed_password: str
    created_at: Optional[datetime] = Field(default_factory=now, sa_column=Column(DateTime(timezone=True)))
    entries: List["Entry"] = Relationship(back_populates="owner")


class EntryBase(SQLModel):
    title: str = Field(min_length=1, max_length=255)
    description: Optional[str] = Field(default=None, max_length=255)


class Entry(EntryBase, table=True):
    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)
    created_at: Optional[datetime] = Field(default_factory=now, sa_column=Column(DateTime(timezone=True)))
    owner_id: uuid.UUID = Field(sa_column=Column(ForeignKey("member.id", ondelete="CASCADE"), nullable=False))
    owner: Optional[Member] = Relationship(back_populates="entries")


class EntryPublic(EntryBase):
    id: uuid.UUID
    owner_id: uuid.UUID
